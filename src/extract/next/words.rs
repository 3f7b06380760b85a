//! What the link to older posts says, in the languages of the dates that agg reads. Lower case, NFC.

/// What the words of a link promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// Older posts.
    Older,
    /// The next page, or more of the same.
    Next,
    /// Newer posts, or the page before.
    Newer,
    /// An arrow to the right and nothing else.
    Arrow,
}

#[rustfmt::skip]
const OLDER: &[&str] = &[
    "older posts", "older entries", "older articles", "older stories", "older news", "older items", "older",
    "earlier posts", "earlier entries", "earlier articles", "earlier", "previous posts", "previous entries",
    "previous articles",
    "ältere beiträge", "ältere artikel", "ältere einträge", "ältere posts", "ältere meldungen", "ältere",
    "frühere beiträge", "vorherige beiträge", "vorherige artikel",
    "articles plus anciens", "articles précédents", "anciens articles", "articles antérieurs", "messages plus anciens",
    "billets plus anciens", "billets précédents", "publications plus anciennes", "plus anciens", "plus ancien",
    "plus anciennes",
    "entradas antiguas", "entradas más antiguas", "entradas anteriores", "artículos anteriores", "artículos antiguos",
    "artículos más antiguos", "más antiguas", "más antiguos", "publicaciones anteriores",
    "postagens mais antigas", "postagens anteriores", "posts mais antigos", "posts antigos", "posts anteriores",
    "artigos mais antigos", "artigos anteriores", "publicações antigas", "publicações mais antigas", "mais antigos",
    "mais antigas",
    "post più vecchi", "articoli più vecchi", "articoli meno recenti", "articoli precedenti", "post precedenti",
    "meno recenti", "più vecchi",
    "oudere berichten", "oudere artikelen", "oudere posts", "oudere", "ouder", "eerdere berichten",
    "starsze wpisy", "starsze posty", "starsze artykuły", "starsze", "poprzednie wpisy", "wcześniejsze wpisy",
    "старые записи", "старые посты", "более старые записи", "более старые", "предыдущие записи", "предыдущие посты",
    "ранние записи", "ранее", "старіші записи", "старіші публікації", "попередні записи",
    "较旧文章", "較舊文章", "较旧的文章", "較舊的文章", "较旧的博文", "旧文章", "較舊", "较旧", "更早的文章", "較早的文章", "更早",
    "以前の記事", "以前の投稿", "過去の記事", "過去の投稿", "過去の記事へ", "古い記事", "古い記事へ", "前の投稿", "前の記事一覧",
    "이전 글", "이전 글 목록", "이전 글 보기", "이전 게시물", "오래된 글", "지난 글",
];

#[rustfmt::skip]
const NEXT: &[&str] = &[
    "next page", "next posts", "next entries", "next articles", "next", "load more", "load more posts",
    "load more articles", "show more posts", "show more articles", "more posts", "more articles", "more entries",
    "nächste seite", "nächste", "nächste beiträge", "weiter", "weitere beiträge", "weitere artikel", "mehr laden",
    "mehr beiträge",
    "page suivante", "articles suivants", "suivant", "suivante", "suivants", "voir plus d'articles",
    "página siguiente", "siguiente página", "siguiente", "siguientes", "más entradas", "cargar más",
    "próxima página", "página seguinte", "próxima", "próximo", "seguinte", "próximas", "carregar mais",
    "pagina successiva", "pagina seguente", "prossima pagina", "successiva", "successivo", "successivi", "avanti",
    "volgende pagina", "volgende", "meer berichten",
    "następna strona", "kolejna strona", "następna", "następne", "dalej", "więcej wpisów",
    "следующая страница", "следующая", "следующие", "далее", "вперед", "вперёд", "ещё записи",
    "наступна сторінка", "наступна", "далі",
    "下一页", "下一頁", "下页", "下頁", "后一页", "後一頁", "加载更多", "載入更多", "更多文章",
    "次のページ", "次のページへ", "次ページ", "次へ", "次の記事一覧", "もっと見る",
    "다음 페이지", "다음페이지", "다음", "더 보기", "더보기",
];

#[rustfmt::skip]
const NEWER: &[&str] = &[
    "newer posts", "newer entries", "newer articles", "newer stories", "newer", "newest", "latest posts", "previous page",
    "more recent posts",
    "neuere beiträge", "neuere artikel", "neuere einträge", "neuere posts", "neuere", "vorherige seite", "zurück",
    "articles plus récents", "articles récents", "plus récents", "plus récent", "messages plus récents",
    "billets plus récents", "page précédente",
    "entradas más recientes", "entradas recientes", "artículos más recientes", "más recientes", "página anterior",
    "postagens mais recentes", "posts mais recentes", "artigos mais recentes", "mais recentes",
    "articoli più recenti", "post più recenti", "più recenti", "pagina precedente", "indietro",
    "nieuwere berichten", "nieuwere posts", "nieuwere", "nieuwer", "vorige pagina",
    "nowsze wpisy", "nowsze posty", "nowsze", "poprzednia strona",
    "новые записи", "более новые записи", "новее", "предыдущая страница", "назад", "новіші записи", "попередня сторінка",
    "上一页", "上一頁", "上页", "较新文章", "較新文章", "较新的文章", "較新的文章",
    "前のページ", "前のページへ", "前へ", "新しい記事", "新しい投稿",
    "이전 페이지", "최신 글", "최근 글", "다음 글",
];

const ARROWS: &str = "→»›>❯⟩▶►▸➜➔➡⇒⟶\u{fe0f}\u{fe0e}";

/// What `label` promises, if anything.
pub(super) fn read(label: &str) -> Option<Label> {
    let is_arrow = |c: char| ARROWS.contains(c) || c.is_whitespace();
    if !label.trim().is_empty() && label.chars().all(is_arrow) {
        return Some(Label::Arrow);
    }
    let label = label.to_lowercase().replace('’', "'");
    let words: Vec<&str> = label.split_whitespace().collect();
    let label = words.join(" ");
    // "Next: 2024" is a document of that name
    if label
        .split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits.len() > 3)
    {
        return None;
    }
    // arrows, dots, and "(2)" at the ends
    let label = label.trim_matches(|c: char| !c.is_alphabetic());
    // the words for newer contain those for older in no language, nor the other way round
    [
        (Label::Older, OLDER),
        (Label::Newer, NEWER),
        (Label::Next, NEXT),
    ]
    .into_iter()
    .find(|(_, phrases)| phrases.iter().any(|phrase| says(label, phrase)))
    .map(|(kind, _)| kind)
}

/// True if `label` is `phrase`, or a short sentence that ends with one of several words: "go to the next page".
fn says(label: &str, phrase: &str) -> bool {
    label == phrase
        || (label.len() <= phrase.len() + 20
            && label
                .strip_suffix(phrase)
                .is_some_and(|before| before.ends_with(' ') && phrase.contains(' ')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_links_say_is_understood() {
        for (label, expected) in [
            ("« Older  Posts", Some(Label::Older)),
            ("View older posts", Some(Label::Older)),
            ("Ältere Beiträge →", Some(Label::Older)),
            ("Articles plus anciens", Some(Label::Older)),
            ("较旧文章", Some(Label::Older)),
            ("過去の記事へ", Some(Label::Older)),
            ("Next page (2)", Some(Label::Next)),
            ("Go to the next page", Some(Label::Next)),
            ("Página siguiente", Some(Label::Next)),
            ("下一页 ›", Some(Label::Next)),
            ("다음", Some(Label::Next)),
            ("Newer posts →", Some(Label::Newer)),
            ("Entradas más recientes", Some(Label::Newer)),
            ("» ", Some(Label::Arrow)),
            ("Next: how to read a book", None),
            ("Next: 2024", None),
            ("Older people and their phones", None),
            ("Why the next page matters to me and to you", None),
            ("«", None),
            ("", None),
            ("   ", None),
        ] {
            assert_eq!(read(label), expected, "{label:?}");
        }
    }

    #[test]
    fn no_phrase_stands_in_two_lists_or_is_spelt_as_no_label_is() {
        let all: Vec<&str> = [OLDER, NEXT, NEWER].concat();
        for (at, phrase) in all.iter().enumerate() {
            assert!(!all[at + 1..].contains(phrase), "{phrase} twice");
            assert_eq!(phrase.to_lowercase(), **phrase);
        }
        for (kind, phrases) in [
            (Label::Older, OLDER),
            (Label::Next, NEXT),
            (Label::Newer, NEWER),
        ] {
            for phrase in phrases {
                assert_eq!(read(phrase), Some(kind), "{phrase}");
            }
        }
    }
}
