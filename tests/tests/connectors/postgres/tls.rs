//! TLS to the source: what each mode accepts.

use weir_connectors::ConnectorError;
use weir_connectors::postgres::{PostgresConfig, TlsMode};
use weir_tests::certificates;
use weir_tests::postgres::Postgres;
use weir_tests::run;

use super::source;

#[tokio::test(flavor = "multi_thread")]
async fn each_mode_accepts_what_it_should() {
    let mut server = Postgres::start();
    certificates::signed(server.folder(), "DNS:localhost");
    server.own("server.key");
    let folder = server.folder().display().to_string();
    let psql = server.psql("postgres");
    psql.expect(&format!("ALTER SYSTEM SET ssl_cert_file = '{folder}/server.pem'"));
    psql.expect(&format!("ALTER SYSTEM SET ssl_key_file = '{folder}/server.key'"));
    let plain = |tls| PostgresConfig { tls, ..PostgresConfig::new(server.url("postgres")) };
    assert!(source(plain(TlsMode::Prefer)).discover().await.is_ok());
    let refused = source(plain(TlsMode::Require)).discover().await.unwrap_err();
    assert!(matches!(refused, ConnectorError::Unreachable { .. }), "{refused:?}");

    psql.expect("ALTER SYSTEM SET ssl = on");
    server.kill();
    server.restart();
    let psql = server.psql("postgres");
    let encrypted =
        "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'weir' AND ssl";
    let by_name = |tls, ca_cert: Option<&str>| PostgresConfig {
        tls,
        ca_cert: ca_cert.map(|name| server.folder().join(name)),
        ..PostgresConfig::new(server.url("postgres").replace("127.0.0.1", "localhost"))
    };
    for (tls, ca_cert, ssl) in [
        (TlsMode::Disable, None, "0"),
        (TlsMode::Prefer, None, "1"),
        (TlsMode::Require, None, "1"),
        (TlsMode::VerifyFull, Some("ca.pem"), "1"),
    ] {
        let shop = source(by_name(tls, ca_cert));
        shop.discover().await.unwrap();
        assert_eq!(psql.expect(encrypted), ssl, "{tls:?}");
        drop(shop);
        run::wait_for("the connection to close", std::time::Duration::from_secs(20), || {
            (psql.expect(encrypted) == "0").then_some(())
        });
    }
    // Another name than the certificate's, an authority that isn't trusted, and a file that isn't there.
    let other_name = PostgresConfig { url: server.url("postgres"), ..by_name(TlsMode::VerifyFull, Some("ca.pem")) };
    for config in [other_name, by_name(TlsMode::VerifyFull, Some("server.pem"))] {
        let error = source(config).discover().await.unwrap_err();
        assert!(matches!(error, ConnectorError::Unreachable { .. }), "{error:?}");
    }
    let error = source(by_name(TlsMode::VerifyFull, Some("missing.pem"))).discover().await.unwrap_err();
    assert!(matches!(error, ConnectorError::Config { .. }) && error.to_string().contains("missing.pem"), "{error}");
}
