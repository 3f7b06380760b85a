//! `agg init`: a commented feeds.toml to start from.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use agg::config;
use clap::Args;

use super::failure::Failure;
use super::global::Global;
use super::screen::Screen;

#[derive(Args)]
pub(super) struct Arguments {
    /// Where to write it instead of --config.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let path = arguments.file.as_ref().unwrap_or(&global.config);
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(config::TEMPLATE.as_bytes()));
    match written {
        Ok(()) => {
            screen.line(format!("wrote {}", path.display()))?;
            screen.remark("put your sources into it, then: agg check, agg fetch");
            Ok(0)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Failure::new(format!(
            "{} is there already, and was left as it is",
            path.display()
        ))
        .help("name another file: `agg init other.toml`")),
        Err(error) => Err(
            Failure::new(format!("cannot write {}: {error}", path.display()))
                .help("name a file in a folder that you may write to"),
        ),
    }
}
