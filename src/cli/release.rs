//! `agg release`: publish what the flood guard holds back.

use agg::fetch::Door;
use agg::pipeline::Pipeline;
use clap::Args;

use super::archive::Waiting;
use super::failure::Failure;
use super::global::{Global, load, runtime};
use super::publish::summary;
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
    let runtime = runtime()?;
    let (released, publication) = runtime.block_on(async {
        let told = |text| screen.remark(text);
        let _claim = arguments
            .waiting
            .claim(&config, "agg release", told)
            .await?;
        let pipeline = Pipeline::open(config, Door::Network, None)?;
        Ok::<_, Failure>(pipeline.release(&arguments.sources).await?)
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
