//! The command line: `weir serve`, `weir demo`, `weir check`, `weir policy`, `weir password`.

mod audit;
mod auth;
mod cancel;
mod check;
mod config;
mod demo;
mod engine;
mod git;
mod handlers;
mod http;
mod listener;
mod metrics;
mod policy;
mod query;
mod serve;
mod session;
mod sqlstate;
mod startup;
mod tls;
mod wire;

use std::io::{IsTerminal, Read};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Plans and batches are many small and large pieces of memory, made on one thread and given back on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One Postgres front door to lake, database and stream.
#[derive(Parser)]
#[command(version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the sources of a config to PostgreSQL clients
    #[command(after_help = "Example:\n  weir serve --config weir.toml\n  psql -h 127.0.0.1 -p 5439 -U ana mesh\n\n\
                      With http = \"127.0.0.1:8439\" under [server]:\n  curl http://127.0.0.1:8439/metrics\n  \
                      curl http://127.0.0.1:8439/healthz")]
    Serve(ConfigFile),
    /// Lay out a sample mesh and serve it
    #[command(after_help = "Example:\n  weir demo --dir /tmp/mesh")]
    Demo(demo::DemoOptions),
    /// Check a config and its policies, and list what each source holds
    #[command(after_help = "Example:\n  weir check --config weir.toml")]
    Check(ConfigFile),
    /// Test, explain and compare the policy files
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Read a password and print its SCRAM-SHA-256 verifier for users.toml
    #[command(after_help = "Example:\n  weir password\n  printf %s \"$PASSWORD\" | weir password")]
    Password,
}

#[derive(clap::Args)]
struct ConfigFile {
    /// The config file
    #[arg(long, value_name = "FILE", default_value = "weir.toml")]
    config: PathBuf,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    log();
    match run(cli.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("weir: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The log goes to standard error; `WEIR_LOG` says how much of it, such as `debug` or `weir=debug`.
fn log() {
    let filter = EnvFilter::try_from_env("WEIR_LOG").unwrap_or_else(|_| EnvFilter::new("warn,weir=info"));
    let is_terminal = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(is_terminal).with_writer(std::io::stderr).init();
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    if matches!(command, Command::Password) {
        return password().map(|()| ExitCode::SUCCESS);
    }
    // Two crypto providers are linked in; those who don't choose by themselves get this one.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        bail!("another TLS provider was installed before");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_stack_size(weir_planner::execute::STACK_BYTES)
        .enable_all()
        .build()?;
    let code = runtime.block_on(async {
        match command {
            Command::Serve(file) => {
                serve::serve(config::read(&file.config)?, |_| ()).await?;
                Ok(ExitCode::SUCCESS)
            }
            Command::Demo(options) => run_demo(&options).await.map(|()| ExitCode::SUCCESS),
            Command::Check(file) => {
                let sound = check::check(config::read(&file.config)?).await?;
                Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
            }
            Command::Policy(command) => Ok(policy::run(command).await?),
            Command::Password => Ok(ExitCode::SUCCESS),
        }
    });
    // A source that doesn't answer must not hold up the end.
    runtime.shutdown_background();
    code
}

async fn run_demo(options: &demo::DemoOptions) -> anyhow::Result<()> {
    let demo = demo::run(options).await?;
    let served = match config::read(demo.config()) {
        Ok(config) => serve::serve(config, |_| println!("{}", demo.greeting())).await.map_err(anyhow::Error::from),
        Err(error) => Err(error.into()),
    };
    demo.stop().await?;
    served
}

fn password() -> anyhow::Result<()> {
    let password = match std::io::stdin().is_terminal() {
        true => rpassword::prompt_password("Password: ").context("the password can't be read")?,
        false => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("the password can't be read")?;
            text.trim_end_matches(['\r', '\n']).to_owned()
        }
    };
    if password.is_empty() {
        bail!("the password is empty");
    }
    println!("{}", auth::password::make_verifier(&password));
    Ok(())
}
