//! What the system and the terminal tell a service: end, and read the configuration again.

use std::process::exit;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::failure::Failure;

/// A token that the first SIGTERM or SIGINT (Ctrl-C) cancels. The second one ends the program at once, with the exit status
/// that shells give such an end.
pub(super) fn shutdown() -> Result<CancellationToken, Failure> {
    let mut terminate = listen(SignalKind::terminate())?;
    let mut interrupt = listen(SignalKind::interrupt())?;
    let told = CancellationToken::new();
    let token = told.clone();
    tokio::spawn(async move {
        let mut next = async || {
            tokio::select! {
                _ = terminate.recv() => 143,
                _ = interrupt.recv() => 130,
            }
        };
        next().await;
        token.cancel();
        exit(next().await);
    });
    Ok(told)
}

/// A message for each SIGHUP; several before one is taken are one.
pub(super) fn hangups() -> Result<mpsc::Receiver<()>, Failure> {
    let mut hangup = listen(SignalKind::hangup())?;
    let (send, wishes) = mpsc::channel(1);
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            let _ = send.try_send(());
        }
    });
    Ok(wishes)
}

fn listen(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(|error| Failure::new(format!("cannot listen for signals: {error}")))
}
