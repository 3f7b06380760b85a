//! Takes connections and answers on them, within limits that no client can stretch.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// What a client may take of us.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// For a whole request head, from the connection or the previous answer on.
    pub(super) head: Duration,
    /// For a connection, whatever it does.
    pub(super) life: Duration,
    /// Connections at once; more wait.
    pub(super) connections: usize,
    /// For what is under way when we are told to stop.
    pub(super) drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(15),
            life: Duration::from_mins(10),
            connections: 512,
            drain: Duration::from_secs(5),
        }
    }
}

/// Serves `router` on `listener` until `stop` is cancelled and what was under way has ended.
pub(super) async fn listen(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: CancellationToken,
) {
    // HTTP/1 only: telling HTTP/2 apart waits for the first bytes without a limit
    let mut server = Builder::new(TokioExecutor::new()).http1_only();
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head);
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = async {
            let place = Arc::clone(&places)
                .acquire_owned()
                .await
                .expect("the semaphore is never closed");
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            accepted = accepted => accepted,
            () = stop.cancelled() => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // out of file descriptors, or a client that has gone already
                tracing::warn!(%error, "a connection could not be taken");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = server
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Ok(Err(error)) = timeout(limits.life, connection).await {
                tracing::debug!(%error, "a connection broke");
            }
            drop(place);
        });
    }
    drop(listener);
    if timeout(limits.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not end in time");
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio::task::JoinHandle;

    use super::*;

    async fn serving(limits: Limits) -> (std::net::SocketAddr, CancellationToken, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let router = Router::new().fallback(|| async { "here" });
        let task = tokio::spawn(listen(listener, router, limits, stop.clone()));
        (address, stop, task)
    }

    /// What comes until the connection ends.
    async fn rest(mut stream: TcpStream) -> String {
        let mut text = String::new();
        timeout(Duration::from_mins(1), stream.read_to_string(&mut text))
            .await
            .expect("the connection ends")
            .unwrap();
        text
    }

    #[tokio::test]
    async fn a_client_that_sends_no_whole_head_is_left() {
        let limits = Limits {
            head: Duration::from_millis(100),
            ..Limits::default()
        };
        let (address, _stop, _task) = serving(limits).await;
        for begun in ["", "GET / HT"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(begun.as_bytes()).await.unwrap();
            let text = rest(stream).await;
            assert!(!text.contains("here"), "{text}");
        }
    }

    #[tokio::test]
    async fn no_more_connections_are_served_than_allowed() {
        let limits = Limits {
            head: Duration::from_millis(200),
            connections: 1,
            ..Limits::default()
        };
        let (address, _stop, _task) = serving(limits).await;
        let begun = tokio::time::Instant::now();
        let idle = TcpStream::connect(address).await.unwrap();
        sleep(Duration::from_millis(20)).await;
        let mut second = TcpStream::connect(address).await.unwrap();
        second
            .write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            .await
            .unwrap();
        assert!(rest(second).await.contains("here"));
        assert!(begun.elapsed() >= Duration::from_millis(200), "it waited");
        drop(idle);
    }

    #[tokio::test]
    async fn an_idle_connection_does_not_hold_up_the_end() {
        let (address, stop, task) = serving(Limits::default()).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            .await
            .unwrap();
        let mut text = String::new();
        while !text.ends_with("here") {
            text.push(char::from(stream.read_u8().await.unwrap()));
        }
        let begun = tokio::time::Instant::now();
        stop.cancel();
        task.await.unwrap();
        assert!(begun.elapsed() < Limits::default().drain, "it ends at once");
        assert_eq!(rest(stream).await, "");
    }
}
