//! A site behind TLS on 127.0.0.1, with a certificate that no system trusts; it speaks HTTP/1.1, HTTP/2 or both.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::Version;
use axum::response::Response;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use url::Url;

/// One request as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) path: String,
    pub(super) version: Version,
    /// Which connection it came over: the first is 1.
    pub(super) connection: usize,
}

/// The site; it closes when dropped.
pub(super) struct Secure {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
    runtime: Option<Runtime>,
}

impl Secure {
    /// A site that offers `protocols` (their ALPN names, best first) and answers each path as `answer` says.
    pub(super) fn open(
        protocols: &[&str],
        answer: impl Fn(&str) -> Response + Send + Sync + 'static,
    ) -> Self {
        Self::open_at("127.0.0.1", protocols, answer)
    }

    /// The same on another address of this machine, which the certificate does not name.
    pub(super) fn open_at(
        ip: &str,
        protocols: &[&str],
        answer: impl Fn(&str) -> Response + Send + Sync + 'static,
    ) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let std = std::net::TcpListener::bind((ip, 0)).unwrap();
        std.set_nonblocking(true).unwrap();
        let address = std.local_addr().unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config(protocols)));
        let heard: Arc<Mutex<Vec<Heard>>> = Arc::default();
        let (log, answer) = (Arc::clone(&heard), Arc::new(answer));
        runtime.spawn(async move {
            let listener = TcpListener::from_std(std).unwrap();
            let count = AtomicUsize::new(0);
            while let Ok((stream, _)) = listener.accept().await {
                let connection = count.fetch_add(1, Ordering::Relaxed) + 1;
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                let app = Router::new().fallback(move |request: Request| async move {
                    let path = request.uri().path().to_owned();
                    let answered = answer(&path);
                    log.lock().unwrap().push(Heard {
                        path,
                        version: request.version(),
                        connection,
                    });
                    answered
                });
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // a client that does not trust us goes away
                    if let Ok(stream) = acceptor.accept(stream).await {
                        let service = TowerToHyperService::new(app);
                        let server = auto::Builder::new(TokioExecutor::new());
                        let _ = server.serve_connection(TokioIo::new(stream), service).await;
                    }
                });
            }
        });
        Self {
            address,
            heard,
            runtime: Some(runtime),
        }
    }

    /// The address of `path` on this site.
    pub(super) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("https://{}{path}", self.address)).unwrap()
    }

    /// All requests so far.
    pub(super) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }
}

impl Drop for Secure {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The root that vouches for the site.
pub(super) fn root() -> PathBuf {
    file("root.pem")
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/tls")
        .join(name)
}

fn config(protocols: &[&str]) -> ServerConfig {
    let certificate = CertificateDer::from_pem_file(file("site.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(file("site.key")).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|it| it.as_bytes().to_vec()).collect();
    config
}
