# Weir as a container. `sample` is the image that loads docker-compose.yml's sample mesh; the last stage is the server.

FROM python:3.11-slim-bookworm AS sample
RUN apt-get update && apt-get install -y --no-install-recommends openssl postgresql-client && rm -rf /var/lib/apt/lists/*
COPY tests/data/requirements.txt /sample/
RUN pip install --no-cache-dir --requirement /sample/requirements.txt
COPY tests/data /sample/data
COPY tests/compose /sample/compose
ENTRYPOINT ["/sample/compose/load.sh"]

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libclang-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY connectors connectors
COPY encode encode
COPY planner planner
COPY policies policies
COPY server server
COPY tests tests
COPY values values
RUN cargo build --release --locked -p weir

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates git openssh-client && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/weir --create-home weir
COPY --from=build /src/target/release/weir /usr/local/bin/weir
USER weir
WORKDIR /var/lib/weir
EXPOSE 5439 8439
HEALTHCHECK --interval=5s --timeout=2s --start-period=20s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/5439"]
ENTRYPOINT ["weir"]
CMD ["serve", "--config", "/etc/weir/weir.toml"]
