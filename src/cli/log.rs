//! The log on stderr: for a service what happens, for a command, whose own words say it, only errors. As text for people
//! and the journal, or as JSON, one object a line, for programs.

use std::fmt;
use std::fs::File;
use std::os::fd::AsFd as _;
use std::os::unix::fs::MetadataExt as _;

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{Format, FormatEvent, FormatFields, Full, Writer};
use tracing_subscriber::fmt::{FmtContext, format};
use tracing_subscriber::registry::LookupSpan;

use super::failure::Failure;
use super::global::{Color, Global, LogFormat};
use super::screen;

/// Begins to write the log. `serving` says that a service runs, whose log is all that is seen of it.
pub(super) fn begin(global: &Global, serving: bool) -> Result<(), Failure> {
    let filter = filter(global, serving)?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // which part of agg says it is for those who look closely
        .with_target(global.verbose > 0);
    match global.log {
        Some(LogFormat::Json) => log
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(false)
            .init(),
        _ if is_journal() => log
            .with_ansi(false)
            .event_format(Journal::new(global.verbose > 0))
            .init(),
        _ => log.with_ansi(colours(global.color)).init(),
    }
    Ok(())
}

/// What is written: by `AGG_LOG`, else by -v and -q.
fn filter(global: &Global, serving: bool) -> Result<EnvFilter, Failure> {
    if let Ok(wanted) = std::env::var("AGG_LOG")
        && !wanted.is_empty()
    {
        return EnvFilter::try_new(&wanted).map_err(|error| {
            Failure::usage(format!("AGG_LOG=\"{wanted}\" says nothing that can be logged: {error}"))
                .help("write a level, as in AGG_LOG=debug, or one a part, as in AGG_LOG=agg::fetch=trace,info")
        });
    }
    let asked_for = serving || global.log.is_some();
    Ok(EnvFilter::new(match (global.verbose, asked_for) {
        _ if global.quiet => "error",
        (0, false) => "error",
        // the scheduler says at `info` what only its own authors want to know
        (0, true) => "agg=info,warn",
        (1, _) => "agg=debug,tokio_cron_scheduler=warn,info",
        (_, _) => "trace",
    }))
}

fn colours(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => screen::stderr_is_terminal() && std::env::var_os("NO_COLOR").is_none(),
    }
}

/// True if stderr goes to systemd's journal, which names the stream's device and inode (systemd.exec(5), `JOURNAL_STREAM`).
fn is_journal() -> bool {
    let Ok(stream) = std::env::var("JOURNAL_STREAM") else {
        return false;
    };
    let stderr = std::io::stderr().as_fd().try_clone_to_owned();
    stderr
        .and_then(|stderr| File::from(stderr).metadata())
        .is_ok_and(|stderr| stream == format!("{}:{}", stderr.dev(), stderr.ino()))
}

/// Lines for the journal, which knows the time itself and takes the level as a number in front (sd-daemon(3)).
struct Journal(Format<Full, ()>);

impl Journal {
    fn new(with_target: bool) -> Self {
        let line = format().without_time().with_level(false);
        Self(line.with_target(with_target))
    }
}

impl<S, N> FormatEvent<S, N> for Journal
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let priority = match *event.metadata().level() {
            Level::ERROR => 3,
            Level::WARN => 4,
            Level::INFO => 6,
            Level::DEBUG | Level::TRACE => 7,
        };
        write!(writer, "<{priority}>")?;
        self.0.format_event(context, writer, event)
    }
}
