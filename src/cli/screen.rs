//! What a person sees: results on stdout, everything else on stderr, colour only where it can be seen.

use std::io::{self, IsTerminal, Write};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table};
use serde::Serialize;

use super::failure::Failure;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const RED: Style = AnsiColor::Red.on_default().bold();
pub(super) const GREEN: Style = AnsiColor::Green.on_default();
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default();

/// The two ways out. A reader of stdout that went away (`agg list | head`) is no error.
pub(super) struct Screen {
    out: AutoStream<io::Stdout>,
    quiet: bool,
    /// Whether all that is no result goes into the log, so that stderr holds nothing else.
    logs: bool,
    closed: bool,
}

impl Screen {
    pub(super) fn new(quiet: bool, logs: bool) -> Self {
        Self {
            out: AutoStream::auto(io::stdout()),
            quiet,
            logs,
            closed: false,
        }
    }

    /// One line of the result.
    pub(super) fn line(&mut self, text: impl AsRef<str>) -> io::Result<()> {
        self.write(&format!("{}\n", text.as_ref()))
    }

    /// The result for programs.
    pub(super) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string_pretty(value)?;
        self.line(text)
    }

    /// The result as a table, its head in bold; `paint` styles the lines of the row of that number, from 0.
    pub(super) fn table(&mut self, table: &Table, paint: impl Fn(&str) -> Style) -> io::Result<()> {
        for (at, line) in table.lines().enumerate() {
            let style = if at == 0 { BOLD } else { paint(&line) };
            self.line(format!("{style}{}{style:#}", line.trim_end()))?;
        }
        Ok(())
    }

    /// The result as lines of a table, its head in bold; `paint` styles those of the row of that number.
    pub(super) fn stacked(
        &mut self,
        lines: &[(Option<usize>, String)],
        paint: impl Fn(usize) -> Style,
    ) -> io::Result<()> {
        for (row, line) in lines {
            let style = row.map_or(BOLD, &paint);
            self.line(format!("{style}{line}{style:#}"))?;
        }
        Ok(())
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let written = self.out.write_all(text.as_bytes());
        self.forgive(written)
    }

    fn forgive(&mut self, result: io::Result<()>) -> io::Result<()> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            other => other,
        }
    }

    /// True if what is no result goes into the log, where the pipeline has told already how each source did.
    pub(super) fn logs(&self) -> bool {
        self.logs
    }

    /// Lets everything out.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        let flushed = if self.closed {
            Ok(())
        } else {
            self.out.flush()
        };
        self.forgive(flushed)
    }

    /// A remark that is no result.
    pub(super) fn remark(&self, text: impl AsRef<str>) {
        if self.logs {
            tracing::info!("{}", text.as_ref());
        } else if !self.quiet {
            complain(text.as_ref());
        }
    }

    /// What was odd, and where.
    pub(super) fn warning(&self, text: impl AsRef<str>) {
        if self.logs {
            tracing::warn!("{}", text.as_ref());
        } else if !self.quiet {
            complain(&format!("{YELLOW}warning{YELLOW:#}: {}", text.as_ref()));
        }
    }

    /// What went wrong, where, and what to do.
    pub(super) fn failure(&self, failure: &Failure) {
        for part in &failure.parts {
            if self.logs {
                let (place, help) = (part.place.as_deref(), part.help.as_deref());
                tracing::error!(place, help, "{}", part.what);
                continue;
            }
            complain(&format!("{RED}error{RED:#}: {}", part.what));
            if let Some(place) = &part.place {
                complain(&format!(" {BOLD}where{BOLD:#}: {place}"));
            }
            if let Some((line, column, width)) = &part.excerpt {
                let keep = |c: char| if c == '\t' { '\t' } else { ' ' };
                let until: String = line
                    .chars()
                    .take(column.saturating_sub(1))
                    .map(keep)
                    .collect();
                complain(&format!("      | {line}"));
                complain(&format!(
                    "      | {until}{RED}{}{RED:#}",
                    "^".repeat(*width)
                ));
            }
            if let Some(help) = &part.help {
                complain(&format!("  {BOLD}help{BOLD:#}: {help}"));
            }
        }
    }
}

/// A line on stderr. If even that cannot be written, there is nobody to tell.
fn complain(text: &str) {
    let _ = writeln!(AutoStream::auto(io::stderr()), "{text}");
}

/// How wide stdout is, in characters, where it is a terminal.
pub(super) fn width() -> Option<u16> {
    let size = terminal_size::terminal_size().filter(|_| io::stdout().is_terminal());
    size.map(|(terminal_size::Width(width), _)| width)
}

/// True if each row of `table` finds room on a line of `width` characters.
pub(super) fn fits(table: &Table, width: u16) -> bool {
    let mut table = table.clone();
    table.set_content_arrangement(ContentArrangement::Disabled);
    let length = |line: String| line.trim_end().chars().count();
    table.lines().all(|line| length(line) <= usize::from(width))
}

/// A borderless table with these heads; those that start with `>` are set to the right. It is as wide as the terminal, or
/// as its contents where there is none. Where room is short, the last column is wrapped, and that of sources: no date is.
pub(super) fn table(heads: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(heads.iter().map(|head| head.trim_start_matches('>')));
    if let Some(width) = width() {
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
    } else {
        table.set_content_arrangement(ContentArrangement::Disabled);
    }
    for (at, head) in heads.iter().enumerate() {
        if let Some(column) = table.column_mut(at) {
            column.set_padding((0, 2));
            if at + 1 < heads.len() && *head != "source" {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
            if head.starts_with('>') {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    table
}

/// True if stderr is watched by a person.
pub(super) fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// `count` and the noun, in the singular where it is one.
pub(super) fn count(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
