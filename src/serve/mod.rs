//! The service: cycles by a schedule, and what they publish over HTTP.
//!
//! A listener, a [`Schedule`], a [`Site`] and a function that runs one cycle come in; nothing goes out until it is told to
//! stop. Never runs two cycles at once, never shows half a publication, never fetches or stores anything itself.
//!
//! HTTP/1.1 (RFC 9110, 9112), meant for the loopback interface or a proxy in front; `GET` and `HEAD` only.

mod conditional;
mod cycle;
mod encoding;
mod error;
mod health;
mod listen;
mod routes;
mod site;
mod timetable;
mod update_loop;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::schedule::Schedule;

pub use cycle::{Cycle, CycleError};
pub use error::Error;
pub use site::Site;

/// Runs cycles by `schedule`, one at once at the start, and serves what they publish, until `shutdown` is cancelled. Then
/// takes no more connections, and gives those it has, and a cycle under way, a few seconds to end.
///
/// # Errors
/// If the scheduler does not start. A cycle that fails ends nothing: what was published stays, and `/healthz` tells.
pub async fn run<C>(
    listener: TcpListener,
    schedule: Schedule,
    site: Arc<Site>,
    cycle: C,
    shutdown: CancellationToken,
) -> Result<(), Error>
where
    C: Fn() -> BoxFuture<'static, Result<Cycle, CycleError>> + Send + Sync + 'static,
{
    // whatever ends one of the two ends the other
    let stop = shutdown.child_token();
    let _stopped = stop.clone().drop_guard();
    let updates = update_loop::start(schedule, Arc::clone(&site), cycle, stop.clone()).await?;
    let router = routes::router(site);
    let serving = listen::listen(listener, router, listen::Limits::default(), stop);
    tokio::join!(serving, updates.stopped());
    Ok(())
}
