//! The command line: the only place that prints. Results go to stdout, everything else to stderr; one file a command.

mod add;
mod archive;
mod backup;
mod check;
mod completions;
mod doctor;
mod explain;
mod export;
mod failure;
mod fetch;
mod fix;
mod global;
mod import;
mod init;
mod join;
mod list;
mod log;
mod preview;
mod progress;
mod prune;
mod publish;
mod release;
mod screen;
mod serve;
mod show;
mod signals;
mod split;
mod stacked;
mod standing;
mod status;
mod which;
mod words;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use failure::Failure;
use global::{Color, Global, LogFormat};
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
    after_help = "Exit status: 0 fine, 1 could not run, 2 wrong usage, 3 some sources failed (publish --diff: a \
                  published id or date would change; doctor: something is wrong), 130 `agg fetch` stopped by Ctrl-C (what had been read is stored)."
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
    /// Look at a feed or page, show what it would give, and add it to feeds.toml.
    Add(add::Arguments),
    /// Check the configuration, with line and column, and that the secrets it names are there.
    Check,
    /// Ask the sources, store what is new, publish.
    Fetch(fetch::Arguments),
    /// Put into feeds.toml what agg found out: the new addresses of sources that have moved for good.
    Fix(fix::Arguments),
    /// Write the feeds again from the archive.
    Publish(publish::Arguments),
    /// Publish what is held back: more new entries of a source at once than it is trusted with, or dates ahead of today.
    Release(release::Arguments),
    /// Run on a schedule, and serve the feeds over HTTP.
    Serve(serve::Arguments),
    /// Show what would be taken from a page or feed; stores nothing.
    Preview(preview::Arguments),
    /// List what the archive holds.
    List(list::Arguments),
    /// Show one entry: its fields, where each came from, who shows it.
    Show(show::Arguments),
    /// Explain one entry: who shows it, why they are one, where each field came from, why it is or is not in a feed.
    Explain(explain::Arguments),
    /// Make two entries one, for good; `agg split` undoes it.
    Join(join::Arguments),
    /// Part an entry into what its sources show, for good; `agg join` undoes it.
    Split(split::Arguments),
    /// Show each source: how it is, what is wrong, what to do.
    Status(status::Arguments),
    /// Copy the archive into a file, while agg runs.
    Backup(backup::Arguments),
    /// Write all that the archive knows as JSON Lines, while agg runs.
    Export(export::Arguments),
    /// Fill an empty archive with what `agg export` wrote.
    Import(import::Arguments),
    /// Give up the bodies of old entries, as [retain] in feeds.toml says; all else of them stays.
    Prune(prune::Arguments),
    /// Look whether the archive is sound, and mend what can be mended.
    Doctor(doctor::Arguments),
    /// Print the script that completes agg's commands in a shell.
    Completions(completions::Completions),
    /// Print the manual page, or write one for each command.
    Man(completions::Man),
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
    let is_json = cli.global.log == Some(LogFormat::Json);
    let mut screen = Screen::new(cli.global.quiet, is_json);
    let serving = matches!(cli.command, Command::Serve(_));
    let done = log::begin(&cli.global, serving).and_then(|()| dispatch(&cli, &mut screen));
    let done = done.and_then(|code| screen.finish().map(|()| code).map_err(Failure::from));
    match done {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            screen.failure(&failure);
            ExitCode::from(failure.code())
        }
    }
}

fn dispatch(cli: &Cli, screen: &mut Screen) -> Result<u8, Failure> {
    let global = &cli.global;
    match &cli.command {
        Command::Init(arguments) => init::run(arguments, global, screen),
        Command::Add(arguments) => add::run(arguments, global, screen),
        Command::Check => check::run(global, screen),
        Command::Fetch(arguments) => fetch::run(arguments, global, screen),
        Command::Fix(arguments) => fix::run(arguments, global, screen),
        Command::Publish(arguments) => publish::run(arguments, global, screen),
        Command::Release(arguments) => release::run(arguments, global, screen),
        Command::Serve(arguments) => serve::run(arguments, global, screen),
        Command::Preview(arguments) => preview::run(arguments, global, screen),
        Command::List(arguments) => list::run(arguments, global, screen),
        Command::Show(arguments) => show::run(arguments, global, screen),
        Command::Explain(arguments) => explain::run(arguments, global, screen),
        Command::Join(arguments) => join::run(arguments, global, screen),
        Command::Split(arguments) => split::run(arguments, global, screen),
        Command::Status(arguments) => status::run(arguments, global, screen),
        Command::Backup(arguments) => backup::run(arguments, global, screen),
        Command::Export(arguments) => export::run(arguments, global, screen),
        Command::Import(arguments) => import::run(arguments, global, screen),
        Command::Prune(arguments) => prune::run(arguments, global, screen),
        Command::Doctor(arguments) => doctor::run(arguments, global, screen),
        Command::Completions(arguments) => {
            completions::completions(arguments, Cli::command(), screen)
        }
        Command::Man(arguments) => completions::man(arguments, Cli::command(), screen),
    }
}
