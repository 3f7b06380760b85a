//! The folders of an address → what kind of thing stands in them, where that is no post.

use url::Url;

/// Folders of things that are listed like posts and are none.
const GOODS: &[&str] = &[
    "feature",
    "features",
    "platform",
    "solution",
    "service",
    "use-cases",
    "industries",
    "customers",
    "integrations",
    "templates",
    "plans",
    "listings",
    "properties",
    "produkte",
    "produkt",
    "produits",
    "produit",
    "productos",
    "producto",
    "produtos",
    "prodotti",
    "leistungen",
    "servicios",
    "servicos",
    "servizi",
    "project",
    "projects",
    "product",
    "products",
    "portfolio",
    "docs",
    "documentation",
    "shop",
    "store",
    "course",
    "courses",
    "gallery",
    "people",
    "team",
    "careers",
    "jobs",
    "services",
    "solutions",
    "apps",
    "packages",
    "plugins",
    "themes",
    "pricing",
    "members",
    "authors",
    "speakers",
    "publications",
    "api",
    "proyectos",
    "projekte",
    "projets",
];

/// Folders of events.
const EVENTS: &[&str] = &[
    "event",
    "events",
    "programm",
    "programme",
    "agenda",
    "calendar",
    "kalender",
    "termine",
    "veranstaltungen",
    "konzerte",
    "spielplan",
    "tickets",
    "evenements",
    "eventos",
    "eventi",
];

/// Folders of vacancies. Careers may be a section of a magazine: they are not among them.
const VACANCIES: &[&str] = &[
    "job",
    "jobs",
    "job-openings",
    "openings",
    "open-roles",
    "open-positions",
    "positions",
    "roles",
    "vacancy",
    "vacancies",
    "vacatures",
    "stellen",
    "stellenangebote",
    "stellenanzeigen",
    "offene-stellen",
    "emplois",
    "offres-emploi",
    "offres-d-emploi",
    "recrutement",
    "empleo",
    "empleos",
    "ofertas-de-empleo",
    "vagas",
    "offerte-di-lavoro",
    "lavora-con-noi",
    "posizioni-aperte",
    "oferty-pracy",
    "oferta-pracy",
    "volna-mista",
    "lediga-jobb",
    "ledige-stillinger",
    "avoimet-tyopaikat",
    "is-ilanlari",
    "vakansii",
];

/// True if `to` stands in a folder of goods, or `page` is named like one.
pub(super) fn are_goods(to: &Url, page: &Url) -> bool {
    is_kept_in(GOODS, to, page)
}

/// True if `to` stands in a folder of events, or `page` is named like one.
pub(super) fn are_events(to: &Url, page: &Url) -> bool {
    is_kept_in(EVENTS, to, page)
}

/// True if `to` stands in a folder of vacancies, and in none that is named for posts before it (`/blog/jobs/…`).
pub(super) fn is_vacancy(to: &Url) -> bool {
    let path = to.path().to_ascii_lowercase();
    let mut segments = path.split('/').filter(|segment| !segment.is_empty()).rev();
    let _own = segments.next();
    let above: Vec<&str> = segments.collect();
    above.iter().any(|folder| VACANCIES.contains(folder))
        && !above.iter().any(|folder| is_for_posts(folder))
}

/// True for a folder named for what a site publishes.
fn is_for_posts(folder: &str) -> bool {
    matches!(
        folder,
        "blog" | "posts" | "articles" | "news" | "archive" | "archives"
    )
}

/// True if `to` stands in one of `folders`, or `page` is named like one.
fn is_kept_in(folders: &[&str], to: &Url, page: &Url) -> bool {
    let path = to.path().to_ascii_lowercase();
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let inside = segments
        .split_last()
        .is_some_and(|(_, above)| above.iter().any(|folder| folders.contains(folder)));
    // what a page called "projects" lists are projects, wherever they live
    let own = page.path().to_ascii_lowercase();
    let own = own.trim_end_matches('/').rsplit('/').next();
    inside || own.is_some_and(|own| folders.contains(&own.trim_end_matches(".html")))
}
