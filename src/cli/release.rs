//! `agg release`: publish what the flood guard holds back, or its date.

use clap::Args;

use super::archive::Waiting;
use super::failure::Failure;
use super::global::{Global, load};
use super::publish::{all_written, summary};
use super::screen::{Screen, count};

#[derive(Args)]
pub(super) struct Arguments {
    /// Of these sources.
    #[arg(value_name = "SOURCE", required = true)]
    sources: Vec<String>,
    #[command(flatten)]
    waiting: Waiting,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    let output = config.output.display().to_string();
    let waiting = &arguments.waiting;
    let released = waiting.with_pipeline(&config, "agg release", screen, async |pipeline| {
        pipeline.release(&arguments.sources).await
    });
    let (released, publication) = released?;
    if released == 0 {
        screen.remark("nothing of these sources was held back; `agg status` says what is");
    }
    screen.line(format!(
        "{} released; {}",
        count(released, "entry", "entries"),
        summary(&publication, &output)
    ))?;
    all_written(&publication, &output)?;
    Ok(0)
}
