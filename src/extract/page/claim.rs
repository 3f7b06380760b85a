//! What a page says it is, where that is no index of posts.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::head::Head;
use super::tree::Tree;

/// What a page says it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Claim {
    /// Nothing that tells.
    #[default]
    None,
    /// One post.
    Article,
    /// In the place of a page that is not there (any more).
    Absence,
}

impl Claim {
    /// What the head and the headings of a page say; `is_article`: its data calls it one post.
    pub(super) fn of(head: &Head<'_>, tree: &Tree<'_>, is_article: bool) -> Self {
        let names = head.title.as_deref().map(parts).into_iter().flatten();
        let headings = (0..tree.nodes.len()).filter(|&i| tree.heading(i) == 1);
        if names.map(str::to_owned).any(|name| is_absence(&name))
            || headings
                .take(2)
                .any(|i| is_absence(&tree.text(tree.extent(i))))
        {
            Self::Absence
        } else if is_article || head.is_article() {
            Self::Article
        } else {
            Self::None
        }
    }
}

/// The parts of a page's title: its own name and that of the site.
fn parts(title: &str) -> impl Iterator<Item = &str> {
    title
        .split(['|', '·', '•', '—', '–', '«', '»'])
        .flat_map(|part| part.split(" - "))
}

/// How servers and themes say that there is no such page.
const ABSENT: &[&str] = &[
    "page not found|not found|404 not found|404 page not found|error 404|404 error|error 404 not found|this page does not exist|\
     this page doesn't exist|page does not exist|page doesn't exist|page unavailable|this page isn't available|nothing found|\
     sorry, this page could not be found|this page could not be found|that page can't be found|the page can't be found|\
     the page could not be found|oops! that page can't be found|404: this page could not be found|we can't find that page|\
     the page you were looking for doesn't exist|this page is not available|site not found|410 gone|page removed",
    "seite nicht gefunden|nicht gefunden|fehler 404|404 seite nicht gefunden|diese seite existiert nicht|die seite wurde nicht gefunden",
    "page introuvable|page non trouvée|erreur 404|cette page n'existe pas|cette page est introuvable",
    "página no encontrada|no encontrado|error 404 página no encontrada|la página no existe|esta página no existe",
    "página não encontrada|não encontrado|erro 404|esta página não existe|a página não existe",
    "pagina non trovata|errore 404|questa pagina non esiste|la pagina non esiste",
    "pagina niet gevonden|niet gevonden|fout 404|deze pagina bestaat niet",
    "nie znaleziono strony|strona nie znaleziona|nie znaleziono|błąd 404|strona nie istnieje",
    "stránka nenalezena|stránka nebyla nalezena|chyba 404|stránka sa nenašla|stránka nebola nájdená",
    "sidan hittades inte|sidan kunde inte hittas|siden blev ikke fundet|siden ble ikke funnet|fant ikke siden|siden findes ikke",
    "sivua ei löytynyt|sivua ei löydy|virhe 404|lehekülge ei leitud",
    "sayfa bulunamadı|hata 404|η σελίδα δεν βρέθηκε|σφάλμα 404|pagina nu a fost găsită|eroare 404|az oldal nem található|hiba 404",
    "страница не найдена|ошибка 404|сторінку не знайдено|помилка 404|страницата не е намерена|страница није пронађена",
    "页面不存在|页面未找到|找不到页面|404 页面不存在|頁面不存在|找不到頁面|未找到页面|ページが見つかりません|ページが見つかりませんでした|\
     お探しのページは見つかりませんでした|페이지를 찾을 수 없습니다|페이지를 찾을 수 없어요",
    "الصفحة غير موجودة|لم يتم العثور على الصفحة|صفحه مورد نظر یافت نشد|صفحه یافت نشد|הדף לא נמצא|העמוד לא נמצא|पृष्ठ नहीं मिला",
    "không tìm thấy trang|trang không tồn tại|halaman tidak ditemukan|ไม่พบหน้า|ไม่พบหน้าที่คุณต้องการ",
];

static ABSENT_SET: LazyLock<HashSet<&str>> =
    LazyLock::new(|| ABSENT.iter().flat_map(|it| it.split('|')).collect());

/// True if all that `text` says is that there is no such page. A bare number says nothing: posts and sites are called so.
fn is_absence(text: &str) -> bool {
    /// No such sentence is longer.
    const LONGEST_CHARS: usize = 60;
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    if text.chars().nth(LONGEST_CHARS).is_some() {
        return false;
    }
    let words = text.to_lowercase().replace('’', "'");
    // "404 - Page not found" comes apart in a title, "404: page not found" and "Page not found (404)" do not
    let figures = |c: char| c.is_ascii_digit() || !c.is_alphanumeric();
    let bare = words.trim_matches(figures);
    ABSENT_SET.contains(words.as_str()) || bare != words && ABSENT_SET.contains(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_not_there_says_so_in_many_ways() {
        for text in [
            "Page not found",
            "404 Not Found",
            "404: page not found",
            "Page not found (404)",
            "Oops! That page can’t be found.",
            "Seite nicht gefunden",
            "页面不存在",
        ] {
            assert!(is_absence(text), "{text}");
        }
        for text in [
            "404",
            "404 Media",
            "What I found on a page",
            "Lost and not found in Lisbon",
            "",
        ] {
            assert!(!is_absence(text), "{text}");
        }
    }
}
