//! What serde cannot see: addresses, ids that repeat, selectors, schedules. Every problem is found in one pass, so that a
//! file is mended in one go.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use toml::Spanned;
use url::Url;

use super::access::{AccessTable, has_login};
use super::configuration::Config;
use super::feeds::{Publishing, feeds};
use super::file::{FetchTable, File, SelectTable, SiteTable, SourceTable};
use super::filters::vocabulary;
use super::findings::{Check, ID_RULE};
use super::problem::Problem;
use super::units;
use super::zones;
use crate::extract;
use crate::fetch;
use crate::model::{FieldRule, Retention, Route, Source, SourceId, SourceKind, Wrapper};
use crate::normalise;
use crate::schedule::Schedule;

/// The most pages of one listing; a site has a right to be left alone.
const MAX_PAGES: i64 = 50;
/// The longest interval, as that of a schedule.
const LONGEST_INTERVAL: Duration = Duration::from_hours(31 * 24);
const DEFAULT_SCHEDULE: &str = "every 30 minutes";
const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

pub(super) fn check(file: File, path: &Path, text: &str) -> Result<Config, Vec<Problem>> {
    let mut check = Check {
        text,
        problems: Vec::new(),
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let (database, output) = check.places(file.database.as_ref(), file.output.as_ref(), folder);
    let listen = check.listen(file.serve.listen);
    let (title, description, url) = check.site(file.site, listen);
    let interval = check.interval(file.fetch.interval.as_ref());
    let mut fetch = check.fetch(file.fetch, folder);
    let zones = check.zones(&file.group);
    fetch.groups = check.groups(file.group);
    let schedule = check.schedule(file.schedule);
    let mut retention = check.retention(file.retain);
    let mut sources = check.sources(file.source, interval, folder, &mut retention);
    zones::settle(&mut sources, &fetch.groups, &zones);
    let publishing = Publishing {
        title: &title,
        description: &description,
        url: &url,
        sources: &sources,
    };
    let vocabulary = vocabulary(&mut check, file.tags);
    let published = feeds(
        &mut check,
        file.publish,
        file.feed,
        &vocabulary,
        &publishing,
    );
    if let (Some(schedule), true) = (schedule, check.problems.is_empty()) {
        return Ok(Config {
            path: path.to_owned(),
            database,
            output,
            title,
            url,
            schedule,
            listen,
            fetch,
            hold: published.hold,
            retention,
            feeds: published.feeds,
            tag_feeds: published.tag_feeds,
            sources,
        });
    }
    check
        .problems
        .sort_by_key(|problem| (problem.line, problem.column));
    Err(check.problems)
}

/// The id of a source that was given none: its host without `www.`, and its path.
///
/// It depends on the address alone, so that adding one source never renames another.
#[must_use]
pub fn source_id(url: &Url) -> Option<SourceId> {
    let host = url.host_str()?;
    let mut id = host
        .strip_prefix("www.")
        .unwrap_or(host)
        .to_ascii_lowercase();
    if let Some(port) = url.port() {
        id = format!("{id}-{port}");
    }
    for part in [url.path(), url.query().unwrap_or_default()] {
        for c in part.chars() {
            let c = c.to_ascii_lowercase();
            if matches!(c, 'a'..='z' | '0'..='9' | '.' | '_') {
                id.push(c);
            } else if !id.ends_with('-') {
                id.push('-');
            }
        }
    }
    let id: String = id
        .trim_matches(['-', '[', ']', ':'])
        .replace([':', '[', ']'], "-")
        .chars()
        .take(64)
        .collect();
    SourceId::new(id.trim_end_matches('-'))
}

impl Check<'_> {
    /// An absolute http or https address.
    pub(super) fn address(&mut self, given: &Spanned<String>) -> Option<Url> {
        let text = given.get_ref().trim();
        let wrong = match Url::parse(text) {
            Ok(url) if has_login(&url) => {
                self.secret_problem(
                    given.span(),
                    "an address with a login in it",
                    "take `user:password@` out of it, and give the source auth = { user = \"…\", password_env = \"VARIABLE\" }",
                );
                return None;
            }
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
                return Some(url);
            }
            Ok(url) => format!(
                "`{text}` cannot be fetched: agg speaks http and https, not {}",
                url.scheme()
            ),
            Err(error) => format!("`{text}` is no address: {error}"),
        };
        let help = match Url::parse(&format!("https://{text}")) {
            Ok(url)
                if !text.contains(':') && url.host_str().is_some_and(|host| host.contains('.')) =>
            {
                format!("write it in full: \"{url}\"")
            }
            _ => "write it in full, as in \"https://example.org/blog\"".to_owned(),
        };
        self.problem(given.span(), wrong, help);
        None
    }

    fn listen(&mut self, given: Option<Spanned<String>>) -> std::net::SocketAddr {
        let default = DEFAULT_LISTEN.parse().expect("the default is an address");
        let Some(given) = given else { return default };
        given.get_ref().parse().unwrap_or_else(|_| {
            self.problem(
                given.span(),
                format!("`{}` is no address to listen on", given.get_ref()),
                "write IP and port, as in \"127.0.0.1:8080\" or \"[::]:8080\"",
            );
            default
        })
    }

    fn site(&mut self, site: SiteTable, listen: std::net::SocketAddr) -> (String, String, Url) {
        let here = Url::parse(&format!("http://{listen}/")).expect("a socket address makes a URL");
        let url = match site.url {
            None => here,
            Some(given) => self.site_address(&given).unwrap_or(here),
        };
        let title = site
            .title
            .filter(|title| !title.trim().is_empty())
            .unwrap_or_else(|| "agg".to_owned());
        let description = site
            .description
            .unwrap_or_else(|| "One feed, merged from many pages and feeds.".to_owned());
        (title, description, url)
    }

    pub(super) fn span_of_time(
        &mut self,
        given: Option<Spanned<String>>,
        default: Duration,
    ) -> Duration {
        let Some(given) = given else { return default };
        units::duration(given.get_ref()).unwrap_or_else(|what| {
            self.problem(
                given.span(),
                what,
                "write a number and ms, s, m, h or d, as in \"30s\"",
            );
            default
        })
    }

    /// How long one document may take.
    pub(super) fn timeout(&mut self, given: Option<Spanned<String>>) -> Option<Duration> {
        let given = given?;
        let what = match units::duration(given.get_ref()) {
            Ok(Duration::ZERO) => "a timeout of nothing".to_owned(),
            Ok(timeout) => return Some(timeout),
            Err(what) => what,
        };
        self.problem(
            given.span(),
            what,
            "write a number and ms, s, m, h or d, as in \"30s\"",
        );
        None
    }

    /// How large a document may be.
    pub(super) fn max_body(&mut self, given: Option<Spanned<String>>) -> Option<u64> {
        let given = given?;
        let what = match units::bytes(given.get_ref()) {
            Ok(0) => "a limit of nothing, which no document keeps".to_owned(),
            Ok(bytes) => return Some(bytes),
            Err(what) => what,
        };
        let help = "write a number and kB, MB or GB, as in \"10 MB\"";
        self.problem(given.span(), what, help);
        None
    }

    /// How often a source is asked at most.
    fn interval(&mut self, given: Option<&Spanned<String>>) -> Option<Duration> {
        let given = given?;
        let what = match units::duration(given.get_ref()) {
            Ok(interval) if interval <= LONGEST_INTERVAL => return Some(interval),
            Ok(_) => format!("`{}` is too seldom", given.get_ref()),
            Err(what) => what,
        };
        let help = "write a number and m, h or d, up to 31 days, as in \"6h\"";
        self.problem(given.span(), what, help);
        None
    }

    fn fetch(&mut self, table: FetchTable, folder: &Path) -> fetch::Options {
        let default = fetch::Options::default();
        let timeout = self.timeout(table.timeout).unwrap_or(default.timeout);
        let concurrency = table.concurrency.map_or(default.concurrency, |given| {
            usize::try_from(*given.get_ref())
                .ok()
                .filter(|n| (1..=256).contains(n))
                .unwrap_or_else(|| {
                    self.problem(
                        given.span(),
                        format!("{} requests at once", given.get_ref()),
                        "write a number from 1 to 256",
                    );
                    default.concurrency
                })
        });
        let max_body_bytes = self
            .max_body(table.max_body)
            .unwrap_or(default.max_body_bytes);
        let contact = table.contact.and_then(|given| {
            let fine = given
                .get_ref()
                .chars()
                .all(|c| c.is_ascii_graphic() && !matches!(c, '(' | ')' | ';'));
            if fine && !given.get_ref().is_empty() {
                return Some(given.into_inner());
            }
            self.problem(
                given.span(),
                "a contact that cannot stand in a User-Agent",
                "write an e-mail address or a URL, in ASCII and without spaces",
            );
            None
        });
        fetch::Options {
            contact,
            timeout,
            spacing: self.span_of_time(table.spacing, default.spacing),
            concurrency,
            max_body_bytes,
            allow: self.allow(table.allow),
            user_agent: self.user_agent(table.user_agent),
            ca_file: table.ca_file.map(|file| folder.join(file)),
            route: self.route(table.proxy, folder).unwrap_or(Route::Direct),
            ..default
        }
    }

    /// What may be asked although it is not public.
    fn allow(&mut self, given: Vec<Spanned<String>>) -> Vec<fetch::Allow> {
        let mut allow = Vec::with_capacity(given.len());
        for text in given {
            match text.get_ref().parse() {
                Ok(entry) => allow.push(entry),
                Err(fetch::NotAllowable) => self.problem(
                    text.span(),
                    format!("`{}` is neither a network nor a host", text.get_ref()),
                    "write it as in \"127.0.0.0/8\", \"192.168.1.5\" or \"nas.lan\", without a port",
                ),
            }
        }
        allow
    }

    fn schedule(&mut self, given: Option<Spanned<String>>) -> Option<Schedule> {
        let (text, span) = match given {
            Some(given) => (given.get_ref().clone(), given.span()),
            None => (DEFAULT_SCHEDULE.to_owned(), 0..0),
        };
        match Schedule::parse(&text).and_then(Schedule::at_most_once_a_minute) {
            Ok(schedule) => Some(schedule),
            Err(error) => {
                self.problem(span, error.to_string(), error.help());
                None
            }
        }
    }

    fn sources(
        &mut self,
        tables: Vec<SourceTable>,
        interval: Option<Duration>,
        folder: &Path,
        retention: &mut Retention,
    ) -> Vec<Source> {
        if tables.is_empty() {
            self.problem(
                0..0,
                "there is no [[source]]: nothing to read",
                "add one: [[source]] and, below it, url = \"https://example.org/blog\"",
            );
        }
        let mut ids: HashMap<SourceId, Range<usize>> = HashMap::new();
        let mut addresses: HashMap<String, Range<usize>> = HashMap::new();
        let mut sources = Vec::with_capacity(tables.len());
        for table in tables {
            let span = table.url.span();
            let Some(url) = self.address(&table.url) else {
                continue;
            };
            if let Some(first) = addresses.insert(normalise::canonical_key(&url), span.clone()) {
                let first = self.line(&first);
                self.problem(
                    span.clone(),
                    format!("`{url}` is read already: the same address stands in line {first}"),
                    "remove one of the two; a page and its feed are two addresses and may both stay",
                );
            }
            let Some((id, id_span)) = self.id(table.id, &url, span) else {
                continue;
            };
            if let Some(first) = ids.insert(id.clone(), id_span.clone()) {
                let first = self.line(&first);
                self.problem(
                    id_span,
                    format!("two sources are called `{id}`: the other one stands in line {first}"),
                    "give one of them another id = \"…\"",
                );
            }
            if let Some(own) = table.retain {
                let own = self.retain(own);
                retention.own.insert(id.clone(), own);
            }
            let pages = self.pages(table.pages, table.kind);
            let interval = self.interval(table.interval.as_ref()).or(interval);
            let timezone = self.timezone(table.timezone.as_ref());
            if let (Some(select), SourceKind::Feed) = (&table.select, table.kind) {
                self.problem(
                    select.span(),
                    "selectors for a feed",
                    "remove [source.select], or kind = \"feed\": selectors read the listings of index pages",
                );
            }
            let select = (table.select).map(|select| self.select(select.into_inner()));
            let access = AccessTable {
                headers: table.headers,
                auth: table.auth,
                cookies: table.cookies,
                user_agent: table.user_agent,
                timeout: table.timeout,
                max_body: table.max_body,
                ca_file: table.ca_file,
                proxy: table.proxy,
            };
            let access = self.access(access, &url, folder);
            sources.push(Source {
                id,
                url,
                title: table.title.filter(|title| !title.trim().is_empty()),
                kind: table.kind,
                select,
                enrich: table.enrich,
                robots: table.robots,
                pages,
                interval,
                timezone,
                tags: table.tags,
                access: Arc::new(access),
            });
        }
        sources
    }

    fn id(
        &mut self,
        given: Option<Spanned<String>>,
        url: &Url,
        url_span: Range<usize>,
    ) -> Option<(SourceId, Range<usize>)> {
        let (id, span, text) = match given {
            Some(given) => (
                SourceId::new(given.get_ref()),
                given.span(),
                given.into_inner(),
            ),
            None => (source_id(url), url_span, url.to_string()),
        };
        if id.is_none() {
            self.problem(
                span.clone(),
                format!("`{text}` cannot name a source"),
                format!("give it another id: {ID_RULE}"),
            );
        }
        id.map(|id| (id, span))
    }

    fn pages(&mut self, given: Option<Spanned<i64>>, kind: SourceKind) -> u32 {
        let Some(given) = given else { return 1 };
        let pages = *given.get_ref();
        if !(1..=MAX_PAGES).contains(&pages) {
            self.problem(
                given.span(),
                format!("{pages} pages of a listing"),
                format!("write a number from 1 to {MAX_PAGES}"),
            );
        } else if pages > 1 && kind == SourceKind::Feed {
            self.problem(
                given.span(),
                format!("{pages} pages of a feed"),
                "leave `pages` out: only the listings of index pages go on on other pages",
            );
        }
        u32::try_from(pages).unwrap_or(1)
    }

    fn select(&mut self, table: SelectTable) -> Wrapper {
        if let (Some(split), None) = (&table.split, &table.item) {
            self.problem(
                split.span(),
                "`split` without `item`",
                "add item = \"…\": the element that holds the posts which `split` cuts apart",
            );
        }
        let from = table.from;
        let mut rule = |key: &str, given: Option<Spanned<String>>| {
            let given = given?;
            let rule = FieldRule::from(given.get_ref().clone());
            if let Err(why) = extract::check_rule(key, &rule) {
                self.problem(
                    given.span(),
                    format!("`{}` is no selector: {why}", given.get_ref()),
                    "write a CSS selector, as in \"article h2 a\", or with an attribute \"time@datetime\"",
                );
            }
            Some(rule)
        };
        let wrapper = Wrapper {
            from: from.as_ref().map(|from| *from.get_ref()),
            item: rule("item", table.item),
            split: rule("split", table.split),
            title: rule("title", table.title),
            link: rule("link", table.link),
            date: rule("date", table.date),
            summary: rule("summary", table.summary),
            tags: rule("tags", table.tags),
            read_time: rule("read_time", table.read_time),
            author: rule("author", table.author),
            image: rule("image", table.image),
        };
        if let (Some(from), Some((key, _))) = (from, wrapper.rules().next()) {
            self.problem(
                from.span(),
                format!("`from` beside `{key}`: posts that are read from data have no elements"),
                format!("remove one of the two; `{key}` reads the visible page"),
            );
        }
        wrapper
    }
}
