//! The command line: the only place that prints. Results go to stdout, everything else to stderr; one file a command.

mod archive;
mod check;
mod failure;
mod fetch;
mod global;
mod init;
mod list;
mod preview;
mod progress;
mod publish;
mod release;
mod screen;
mod serve;
mod show;
mod signals;
mod status;
mod words;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use failure::Failure;
use global::{Color, Global};
use screen::Screen;

/// Reads blog index pages and feeds, keeps an archive, publishes one merged feed.
#[derive(Parser)]
#[command(
    name = "agg",
    version,
    about,
    propagate_version = true,
    arg_required_else_help = true
)]
#[command(
    after_help = "Exit status: 0 fine, 1 could not run, 2 wrong usage, 3 some sources failed."
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write a commented feeds.toml to start from.
    Init(init::Arguments),
    /// Check the configuration, with line and column.
    Check,
    /// Ask the sources, store what is new, publish.
    Fetch(fetch::Arguments),
    /// Write the feeds again from the archive.
    Publish(publish::Arguments),
    /// Publish what is held back: more new entries of a source at once than it is trusted with.
    Release(release::Arguments),
    /// Run on a schedule, and serve the feeds over HTTP.
    Serve(serve::Arguments),
    /// Show what would be taken from a page or feed; stores nothing.
    Preview(preview::Arguments),
    /// List what the archive holds.
    List(list::Arguments),
    /// Show one entry: its fields, where each came from, who shows it.
    Show(show::Arguments),
    /// Show each source: how it is, what is wrong, what to do.
    Status(status::Arguments),
}

/// Does what the command line says; the answer is the exit status.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    match cli.global.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    }
    .write_global();
    log(&cli);
    let mut screen = Screen::new(cli.global.quiet);
    let done = dispatch(&cli, &mut screen);
    let done = done.and_then(|code| screen.finish().map(|()| code).map_err(Failure::from));
    match done {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            Screen::failure(&failure);
            ExitCode::from(failure.code())
        }
    }
}

fn dispatch(cli: &Cli, screen: &mut Screen) -> Result<u8, Failure> {
    let global = &cli.global;
    match &cli.command {
        Command::Init(arguments) => init::run(arguments, global, screen),
        Command::Check => check::run(global, screen),
        Command::Fetch(arguments) => fetch::run(arguments, global, screen),
        Command::Publish(arguments) => publish::run(arguments, global, screen),
        Command::Release(arguments) => release::run(arguments, global, screen),
        Command::Serve(arguments) => serve::run(arguments, global, screen),
        Command::Preview(arguments) => preview::run(arguments, global, screen),
        Command::List(arguments) => list::run(arguments, global, screen),
        Command::Show(arguments) => show::run(arguments, global, screen),
        Command::Status(arguments) => status::run(arguments, global, screen),
    }
}

/// Logs go to stderr: for a service what happens, for a command, whose own words say it, only errors.
fn log(cli: &Cli) {
    let serving = matches!(cli.command, Command::Serve(_));
    let level = match (cli.global.verbose, serving) {
        _ if cli.global.quiet => "error",
        (0, false) => "error",
        // the scheduler says at `info` what only its own authors want to know
        (0, true) => "agg=info,warn",
        (1, _) => "agg=debug,tokio_cron_scheduler=warn,info",
        (_, _) => "trace",
    };
    let filter = EnvFilter::try_from_env("AGG_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let colours = match cli.global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => screen::stderr_is_terminal() && std::env::var_os("NO_COLOR").is_none(),
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(colours)
        .with_writer(std::io::stderr)
        .init();
}
