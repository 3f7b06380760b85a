//! The service: cycles by a schedule, and what they publish over HTTP.
//!
//! Listeners, a [`Plan`] (the schedule, and a function that runs one cycle), a [`Site`] and a [`Control`] come in; nothing
//! goes out until it is told to stop. Never runs two cycles at once, never shows half a publication, never fetches or stores
//! anything itself.
//!
//! HTTP/1.1 (RFC 9110, 9112), meant for the loopback interface or a proxy in front; `GET` and `HEAD` only.

mod clockwork;
mod conditional;
mod cycle;
mod encoding;
mod error;
mod health;
mod listen;
mod manager;
mod metrics;
mod plan;
mod pulse;
mod routes;
mod site;
mod timetable;
mod update_loop;

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::net::TcpListener;

pub use cycle::{Cycle, CycleError};
pub use error::Error;
pub use manager::{Manager, listeners};
pub use plan::{Control, Occasion, Plan, Reload, RunCycle};
pub use pulse::Pulse;
pub use site::Site;

/// Runs cycles by `plan`, one at once at the start, and serves what they publish, until `control` says that it is time to
/// end. Then takes no more connections, and gives those it has, and a cycle under way, a few seconds to end.
///
/// # Errors
/// If the scheduler does not start. A cycle that fails ends nothing: what was published stays, and `/healthz` tells.
pub async fn run(
    listeners: Vec<TcpListener>,
    plan: Plan,
    site: Arc<Site>,
    mut control: Control,
) -> Result<(), Error> {
    // whatever ends one of the two ends the other
    let stop = control.shutdown.child_token();
    let _stopped = stop.clone().drop_guard();
    control.shutdown = stop.clone();
    let updates = update_loop::Updates::new(plan, Arc::clone(&site), control).await?;
    let router = routes::router(site);
    let serving = listeners.into_iter().map(|listener| {
        let limits = listen::Limits::default();
        listen::listen(listener, router.clone(), limits, stop.clone())
    });
    tokio::join!(join_all(serving), updates.run());
    Ok(())
}
