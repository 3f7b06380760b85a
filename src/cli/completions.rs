//! `agg completions` and `agg man`: what shells and `man` want to know of the command line.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_complete::Shell;

use super::failure::Failure;
use super::screen::Screen;

#[derive(Args)]
pub(super) struct Completions {
    /// For which shell.
    shell: Shell,
}

#[derive(Args)]
pub(super) struct Man {
    /// Write a page for each command into this folder, which is made, and print nothing.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Prints the script that completes `command` in a shell.
pub(super) fn completions(
    arguments: &Completions,
    mut command: Command,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "agg", &mut script);
    screen.line(String::from_utf8_lossy(&script).trim_end())?;
    Ok(0)
}

/// Prints or writes the manual of `command`.
pub(super) fn man(arguments: &Man, command: Command, screen: &mut Screen) -> Result<u8, Failure> {
    let Some(folder) = &arguments.dir else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        screen.line(String::from_utf8_lossy(&page).trim_end())?;
        return Ok(0);
    };
    fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command, folder))
        .map_err(|error| {
            Failure::new(format!("cannot write into {}: {error}", folder.display()))
                .help("name a folder that you may write to")
        })?;
    screen.remark(format!("the manual is in {}", folder.display()));
    Ok(0)
}
