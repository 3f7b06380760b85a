//! `agg release`: publish what the flood guard holds back.

use agg::fetch::Door;
use agg::pipeline::Pipeline;
use clap::Args;

use super::failure::Failure;
use super::global::{Global, load, runtime};
use super::publish::summary;
use super::screen::{Screen, count};

#[derive(Args)]
pub(super) struct Arguments {
    /// Of these sources.
    #[arg(value_name = "SOURCE", required = true)]
    sources: Vec<String>,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    let output = config.output.display().to_string();
    let runtime = runtime()?;
    let (released, publication) = runtime.block_on(async {
        let pipeline = Pipeline::open(config, Door::Network, None)?;
        pipeline.release(&arguments.sources).await
    })?;
    if released == 0 {
        screen.remark("nothing of these sources was held back; `agg status` says what is");
    }
    screen.line(format!(
        "{} released; {}",
        count(released, "entry", "entries"),
        summary(&publication, &output)
    ))?;
    Ok(0)
}
