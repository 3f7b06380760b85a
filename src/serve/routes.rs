//! Which path gives what: the published documents, `/healthz` and `/metrics`.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, HOST, LAST_MODIFIED, LOCATION, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::response::Builder;
use axum::http::{HeaderMap, Method, StatusCode, Uri, Version};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::any;

use super::conditional::is_not_modified;
use super::encoding::takes_gzip;
use super::metrics;
use super::site::{Resource, Site};

/// How long a reader may do without asking: shorter than any sensible schedule, long enough for a crowd behind a cache.
const FRESH: &str = "public, max-age=300";
/// A page of ours runs nothing, and may show the pictures of the articles.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src * data:; media-src *; \
                           base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The routes over `site`.
pub(super) fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/healthz", any(health))
        .route("/metrics", any(measures))
        .fallback(published)
        .layer(middleware::from_fn(for_one_host))
        .with_state(site)
}

async fn published(
    State(site): State<Arc<Site>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if !is_reading(&method) {
        return not_allowed(&method);
    }
    let decoded = decoded(uri.path());
    let path = decoded.trim_start_matches('/');
    let resource = if path.is_empty() || path.ends_with('/') {
        site.get(&format!("{path}index.html"))
    } else {
        site.get(path)
    };
    let resource = match resource {
        None => archived(&site, path).await,
        found => found,
    };
    match resource {
        Some(resource) => send(&resource, &headers),
        None if site.get(&format!("{path}/index.html")).is_some() => response(
            Response::builder()
                .status(StatusCode::PERMANENT_REDIRECT)
                // relative: a proxy may show us below a folder of its own
                .header(LOCATION, below(uri.path())),
            Body::empty(),
        ),
        None => plain(
            StatusCode::NOT_FOUND,
            "There is nothing here. The front page, /, lists what is published.\n".to_owned(),
        ),
    }
}

/// The path with its percent-encoded letters, digits and the like as they are: they are the same (RFC 3986 §6.2.2.2).
fn decoded(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let digits = rest.get(at + 1..at + 3);
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let plain = byte.filter(|it| it.is_ascii_alphanumeric() || b"-._~".contains(it));
        let length = if let Some(byte) = plain {
            out.push(char::from(byte));
            3
        } else {
            out.push('%');
            1
        };
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The folder called as the last part of `path`, relative to `path` (RFC 3986 §4.2).
fn below(path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or_default();
    format!("./{last}/")
}

/// Refuses what does not say, or says twice, which host it is for (RFC 9112 §3.2).
async fn for_one_host(request: Request, next: Next) -> Response {
    let hosts = request.headers().get_all(HOST).iter().count();
    if hosts == 1 || (hosts == 0 && request.version() < Version::HTTP_11) {
        return next.run(request).await;
    }
    plain(
        StatusCode::BAD_REQUEST,
        "A request says once which host it is for, with Host.\n".to_owned(),
    )
}

/// A page of an archive, which is read from its file.
async fn archived(site: &Arc<Site>, path: &str) -> Option<Arc<Resource>> {
    let (site, path) = (Arc::clone(site), path.to_owned());
    let read = tokio::task::spawn_blocking(move || site.read(&path));
    read.await.ok().flatten().map(Arc::new)
}

async fn health(State(site): State<Arc<Site>>, method: Method) -> Response {
    if !is_reading(&method) {
        return not_allowed(&method);
    }
    let (well, report) = site.health.report();
    let status = if well {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    response(
        Response::builder()
            .status(status)
            .header(CONTENT_TYPE, "application/json")
            .header(CACHE_CONTROL, "no-store")
            .header(X_CONTENT_TYPE_OPTIONS, "nosniff"),
        Body::from(format!("{report}\n")),
    )
}

async fn measures(State(site): State<Arc<Site>>, method: Method) -> Response {
    if !is_reading(&method) {
        return not_allowed(&method);
    }
    response(
        Response::builder()
            .header(CONTENT_TYPE, metrics::MEDIA_TYPE)
            .header(CACHE_CONTROL, "no-store")
            .header(X_CONTENT_TYPE_OPTIONS, "nosniff"),
        Body::from(metrics::text(&site.health)),
    )
}

/// A published document in the form the client wants, or the word that it has it already.
fn send(resource: &Resource, headers: &HeaderMap) -> Response {
    let packed = resource.gzip.as_ref().filter(|_| takes_gzip(headers));
    let representation = packed.unwrap_or(&resource.plain);
    let mut answer = Response::builder()
        .header(ETAG, &representation.etag)
        .header(CACHE_CONTROL, FRESH)
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff");
    if let Some(last_modified) = &resource.last_modified {
        answer = answer.header(LAST_MODIFIED, last_modified);
    }
    if resource.gzip.is_some() {
        answer = answer.header(VARY, "Accept-Encoding");
    }
    answer = if resource.is_page() {
        answer
            .header(CONTENT_SECURITY_POLICY, PAGE_POLICY)
            .header(REFERRER_POLICY, "strict-origin-when-cross-origin")
    } else {
        // any web page may read a feed: it is public
        answer.header(ACCESS_CONTROL_ALLOW_ORIGIN, "*")
    };
    let last_modified = resource.last_modified.as_deref();
    if is_not_modified(headers, &representation.etag, last_modified) {
        return response(answer.status(StatusCode::NOT_MODIFIED), Body::empty());
    }
    if packed.is_some() {
        answer = answer.header(CONTENT_ENCODING, "gzip");
    }
    // for HEAD, hyper sends the head of this and its length, and no body
    response(
        answer.header(CONTENT_TYPE, &resource.content_type),
        Body::from(representation.body.clone()),
    )
}

fn is_reading(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn not_allowed(method: &Method) -> Response {
    let mut response = plain(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("Nothing can be changed here: {method} is not allowed, GET and HEAD are.\n"),
    );
    response
        .headers_mut()
        .insert(ALLOW, axum::http::HeaderValue::from_static("GET, HEAD"));
    response
}

fn plain(status: StatusCode, text: String) -> Response {
    response(
        Response::builder()
            .status(status)
            .header(CONTENT_TYPE, "text/plain; charset=utf-8")
            .header(X_CONTENT_TYPE_OPTIONS, "nosniff"),
        Body::from(text),
    )
}

/// The response, or a 500 for a document whose own words no header can carry.
fn response(builder: Builder, body: Body) -> Response {
    builder.body(body).unwrap_or_else(|error| {
        tracing::error!(%error, "a published document cannot be sent");
        let mut response = Response::new(Body::from("This document cannot be sent.\n"));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}
