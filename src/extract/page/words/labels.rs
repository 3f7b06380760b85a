//! Words that name what stands beside them: "Posted on", "Tags:", "by", "updated". Lists are lower-case, a string a
//! language.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{LONGEST_CALL_BYTES, LONGEST_PHRASE, Openings, bare, is_longer, phrases};

/// Names of tags and categories.
const TAG_LABELS: &[&str] = &[
    "tags|tag|tagged|tagged with|categories|category|topics|topic|labels|label|in|under|posted in|published in|filed under|\
     filed in|in category|keywords|section|subject|type|area|department|\
     document type|content type|article type|post type|type of document|kind",
    "kategorien|kategorie|schlagwörter|schlagworte|schlagwort|stichwörter|themen|thema|rubrik|abgelegt unter",
    "catégories|catégorie|étiquettes|étiquette|mots-clés|rubrique|rubriques|thème|thèmes|classé dans|publié dans|dans",
    "categorías|categoría|etiquetas|etiqueta|temas|tema|archivado en|publicado en|en|sección|área|departamento",
    "categorias|categoria|marcadores|tópicos|publicado em|arquivado em",
    "categorie|categoria|etichette|argomenti|argomento|pubblicato in|archiviato in|tema",
    "categorieën|categorie|onderwerpen|onderwerp|trefwoorden|geplaatst in",
    "kategorie|kategoria|tagi|etykiety|tematy|temat|opublikowano w",
    "rubriky|rubrika|štítky|štítek|témata|téma|zařazeno v|kategórie",
    "kategorier|kategori|etiketter|ämnen|emner|emneord|nøgleord|arkiverat under",
    "kategoriat|kategoria|avainsanat|tunnisteet|aiheet|aihe",
    "kategoriler|kategori|etiketler|etiket|konu|konular",
    "κατηγορίες|κατηγορία|ετικέτες|ετικέτα|θέμα|θέματα",
    "категории|категория|рубрики|рубрика|теги|тег|метки|метка|темы|тема|в рубрике",
    "категорії|категорія|мітки|мітка|позначки|теми|етикети|етикет|ознаки|тагови",
    "categorii|etichete|kategóriák|kategória|címkék|címke",
    "分类|标签|分類|標籤|分类于|分類於|标签：|栏目|专栏|话题|所属分类|カテゴリ|カテゴリー|タグ|分類：",
    "분류|태그|카테고리|주제",
    "التصنيف|التصنيفات|الوسوم|وسوم|القسم",
    "קטגוריות|קטגוריה|תגיות|תגים|נושא",
    "श्रेणी|श्रेणियाँ|टैग|विषय",
    "หมวดหมู่|ป้ายกำกับ|แท็ก",
    "danh mục|chuyên mục|thẻ|từ khóa|chủ đề",
    "kategori|label|topik",
    "kategorija|kategorije|oznake|oznaka|teme|žymos|birkas|temats|kategooria|teema|sildid|rubriik|märksõnad|etiquetes|kategoria|\
     etiketak|gaia|flokkur|merki|efni|kategorya|mada|বিভাগ|ট্যাগ|বিষয়|வகை|பிரிவு|దৰ্গం|కేటగిరీ|دسته|دسته‌بندی|برچسب|برچسب‌ها|موضوع|\
     زمرہ|ٹیگ|კატეგორია|санат|категорија|ознаке|теме",
];

/// Names of authors, and what stands before a name.
const AUTHOR_LABELS: &[&str] = &[
    "by|author|authors|posted by|written by|published by|submitted by|words by|text by",
    "von|autor|autorin|verfasst von|geschrieben von|veröffentlicht von|verfasser",
    "par|auteur|autrice|publié par|écrit par|rédigé par|posté par",
    "por|autora|escrito por|publicado por",
    "di|autore|autrice|scritto da|pubblicato da",
    "door|geschreven door|geplaatst door",
    "autor|autorka|napisał|napisała|opublikował|przez",
    "napsal|napsala|autor|vložil",
    "av|skriven av|skrevet av|af|skrevet af|forfatter|författare|publicerat av",
    "kirjoittaja|kirjoittanut",
    "yazan|yazar|tarafından",
    "συγγραφέας|από|του",
    "автор|от|написал|опубликовал|опубликовано|від|написав|пишува|објавено од",
    "autor|scris de|szerző|írta",
    "作者|文|撰文|编辑|作者名|筆者|著者|執筆者|投稿者|글쓴이|작성자|저자|글",
    "بقلم|الكاتب|كتبه|كتبها",
    "מאת|כותב|נכתב על ידי",
    "लेखक|द्वारा",
    "โดย|ผู้เขียน|เขียนโดย",
    "bởi|tác giả|đăng bởi",
    "oleh|penulis|ditulis oleh",
    "avtor|piše|napisao|napisala|objavio|objavila|autorius|autorė|autors|kirjutas|höfundur|autori|نویسنده|توسط|مصنف|تحریر|\
     ავტორი|հեղինակ|লিখেছেন|লেখক|எழுதியவர்|аутор|жазған",
];

/// Names of other facts, and little words between facts, that say nothing themselves.
const LABELS: &[&str] = &[
    "posted|published|posted on|published on|published at|posted at|first published|originally published|on|date|created|\
     created on|written|written on|new|featured|pinned|draft|sticky|latest|am|at|and|&|from|reading time|read time|time to read|\
     estimated reading time|min|minutes|permalink|words|word count|views|comments|length|duration|status|share|language",
    "geschrieben am|veröffentlicht am|geschrieben|veröffentlicht|erschienen am|erstellt am|erstellt|datum|lesezeit|lesedauer|\
     um|und|zu|details|podrobnosti|zugriffe|aufrufe|neu|angepinnt|angeheftet|dauer|uhr",
    "publié le|publié|écrit le|posté le|mis en ligne le|le|date|et|à|temps de lecture|durée|vues|nouveau|épinglé",
    "publicado|publicado el|escrito el|el|fecha|y|tiempo de lectura|visitas|nuevo|destacado|fijado",
    "publicado|publicado em|escrito em|em|data|e|tempo de leitura|visualizações|novo|destaque|fixado",
    "pubblicato|pubblicato il|scritto il|il|data|e|tempo di lettura|visite|nuovo|in evidenza",
    "gepubliceerd|gepubliceerd op|geplaatst op|geschreven op|op|datum|en|leestijd|nieuw|uitgelicht",
    "opublikowano|dodano|data|i|czas czytania|nowe|przypięty|wyróżnione|dnia",
    "publikováno|zveřejněno|vydáno|datum|a|doba čtení|čas čtení|nové|připnuto|dne",
    "publicerad|publicerat|postat|skrivet|den|datum|och|lästid|nytt|fäst|publiceret|udgivet|skrevet|dato|og|læsetid|lesetid|publisert",
    "julkaistu|kirjoitettu|päivämäärä|ja|lukuaika|uusi",
    "yayınlandı|yayımlandı|tarih|yayın tarihi|ve|okuma süresi|yeni|sabit",
    "δημοσιεύτηκε|δημοσιεύθηκε|στις|ημερομηνία|και|χρόνος ανάγνωσης|νέο",
    "опубликовано|дата|дата публикации|размещено|написано|и|в|время чтения|просмотры|новое|закреплено",
    "опубліковано|час читання|і|та|публикувано|публикувано на|на|време за четене|објавено|објавено на|датум|време за читање",
    "publicat|publicat pe|data|timp de citire|közzétéve|dátum|és|olvasási idő",
    "发布于|发表于|發表於|發佈於|发布时间|发布|发表|发布日期|时间|日期|建立|创建于|创建|本文字数|字数|字數|阅读时长|阅读时间|閱讀時間|\
     置顶|置頂|浏览|浏览量|阅读|阅读量|评论|热度|推荐|原创|新|發布|發表|時間",
    "投稿日|公開日|作成日|日付|掲載日|公開|投稿|読了時間|新着|固定|閲覧数",
    "날짜|작성일|등록일|게시일|발행|발행일|조회|조회수|읽는 시간|고정|공지",
    "نشر|نشر في|نُشر في|التاريخ|تاريخ النشر|في|و|وقت القراءة|مدة القراءة",
    "פורסם|פורסם ב|בתאריך|תאריך|זמן קריאה|ו",
    "प्रकाशित|दिनांक|तारीख|और|पढ़ने का समय",
    "เผยแพร่|เผยแพร่เมื่อ|วันที่|เมื่อ|และ|เวลาอ่าน",
    "đăng ngày|ngày đăng|ngày|vào|và|thời gian đọc",
    "diterbitkan|diposting|tanggal|pada|dan|waktu baca",
    "objavljeno|paskelbta|publikuota|publicēts|ievietots|avaldatud|postitatud|birt|منتشر شده|تاریخ|انتشار|প্রকাশিত|তারিখ|\
     வெளியிடப்பட்டது|გამოქვეყნდა|հրապարակված|објављено|жарияланды|zveřejněno dne|dodano dnia|data publikacji|publicat el",
    "dettagli|détails|detalles|detalhes|szczegóły|detaljer|lisätietoja|részletek|detalii|подробности|detalji|подробици",
];

/// What marks some posts of a list: how old they are, who may read them, who paid.
const BADGES: &[&str] = &[
    "premium|sponsored|sponsored content|sponsor|advertisement|advertorial|ad|promoted|promotion|partner content|paid|paid post|\
     exclusive|live|breaking|breaking news|trending|popular|hot|members only|member only|members-only|for members|subscribers|\
     subscribers only|subscriber only|for subscribers|must read|editor's pick|editor’s pick|editors' pick|staff pick|updated|plus|\
     just in|just published|recommended|top story",
    "anzeige|werbung|gesponsert|exklusiv|aktualisiert|beliebt|nur für abonnenten|nur für mitglieder|eilmeldung|empfohlen",
    "sponsorisé|publicité|contenu sponsorisé|exclusif|en direct|abonnés|réservé aux abonnés|populaire|mis à jour|partenariat",
    "patrocinado|publicidad|exclusivo|exclusiva|en vivo|en directo|solo suscriptores|para suscriptores|actualizado|popular",
    "publicidade|conteúdo patrocinado|ao vivo|só para assinantes|para assinantes|exclusivo para assinantes|atualizado",
    "sponsorizzato|pubblicità|esclusiva|esclusivo|in diretta|abbonati|solo per abbonati|aggiornato",
    "gesponsord|advertentie|exclusief|alleen voor abonnees|bijgewerkt|populair",
    "sponsorowane|reklama|materiał sponsorowany|tylko dla subskrybentów|na żywo|popularne|sponzorováno|inzerce|sponzorované",
    "annons|sponsrad|exklusivt|för prenumeranter|annonse|annonce|sponsoreret|sponset|mainos|kaupallinen yhteistyö",
    "reklam|sponsorlu|özel haber|canlı|son dakika|χορηγούμενο|διαφήμιση|αποκλειστικό",
    "реклама|на правах рекламы|спецпроект|эксклюзив|партнерский материал|молния|популярное|ексклюзив|спонсорирано|спонзорисано|огляд",
    "sponsorizat|publicitate|exclusiv|hirdetés|támogatott tartalom|szponzorált|exkluzív|oglas|sponzorirano|sponzorisano|promo",
    "reklāma|reklaam|sisuturundus|rėmėjo turinys|partnerių turinys|auglýsing|kostað|publi|publireportatge|babestua",
    "推广|赞助|广告|热门|独家|推荐阅读|廣告|贊助|熱門|獨家|広告|人気|注目|速報|限定|광고|인기|단독|속보|프리미엄",
    "إعلان|ممول|حصري|عاجل|ממומן|בלעדי|विज्ञापन|प्रायोजित|โฆษณา|ได้รับการสนับสนุน|quảng cáo|tài trợ|iklan|disponsori|eksklusif",
];

/// What kind of thing a post is, where that is no text, and how new: subjects where every post has one of its kind.
const FORMATS: &[&str] = &[
    "new|neu|nouveau|nouveauté|nuevo|novedad|novo|novidade|nuovo|novità|nieuw|nowe|nowość|nové|novinka|nytt|nyhet|uusi|yeni|новое|нове|新着|新",
    "video|videos|audio|podcast|podcasts|photo|photos|gallery|photo gallery|slideshow|livestream|infographic",
    "vidéo|vidéos|vídeo|vídeos|galerie|bildergalerie|fotos|foto|fotogalerie|fotogalería|fotogalerija|galería|galeria|galleria|\
     diaporama|infographie|infografik|infografía|wideo|galéria|galerija|βίντεο|видео|відео|фото|视频|影片|動画|영상|فيديو|וידאו|วิดีโอ",
];

/// Words before a date that make it a date of change.
const UPDATED: &[&str] = &[
    "updated|update|modified|last edited|edited|revised|last change",
    "aktualisiert|geändert|bearbeitet|überarbeitet|aktualisierung",
    "mis à jour|mise à jour|modifié|actualisé",
    "actualizado|actualización|modificado|editado",
    "atualizado|atualização|alterado",
    "aggiornato|aggiornamento|modificato",
    "bijgewerkt|gewijzigd|aangepast",
    "zaktualizowano|aktualizacja|zmieniono|zmodyfikowano",
    "aktualizováno|aktualizace|upraveno|změněno",
    "uppdaterad|uppdaterat|ändrad|opdateret|ændret|oppdatert|endret",
    "päivitetty|muokattu",
    "güncellendi|güncelleme|güncellenme|düzenlendi",
    "ενημερώθηκε|ενημέρωση|τροποποιήθηκε",
    "обновлено|изменено|обновление|исправлено",
    "оновлено|змінено|оновлення|обновен|обновена|променен|ажурирано|изменето",
    "actualizat|modificat|frissítve|frissítés|módosítva",
    "更新|修改|最后编辑|最終更新|編集|改訂",
    "수정|업데이트|갱신",
    "تحديث|تم التعديل|عُدّل",
    "עודכן|עדכון|נערך",
    "अपडेट|अद्यतन|संशोधित",
    "อัปเดต|แก้ไข|ปรับปรุง",
    "cập nhật|chỉnh sửa",
    "diperbarui|diubah",
];

/// Words that announce a title, before a colon.
const TITLE_LABELS: &[&str] = &[
    "title|titel|titre|título|titolo|tytuł|název|otsikko|başlık|τίτλος|название|заголовок|назва|заглавие|наслов|titlu|cím",
    "标题|標題|题目|タイトル|件名|제목|العنوان|כותרת|शीर्षक|ชื่อเรื่อง|tiêu đề|judul",
];

/// Words that announce an excerpt, before a colon.
const EXCERPT_LABELS: &[&str] = &[
    "summary|abstract|excerpt|description|zusammenfassung|kurzfassung|résumé|resumen|resumo|riassunto|samenvatting|\
     streszczenie|shrnutí|sammanfattning|resumé|sammendrag|tiivistelmä|özet|περίληψη|аннотация|краткое содержание|резюме|анотація",
    "摘要|简介|簡介|概要|要約|요약|ملخص|תקציר|सारांश|tóm tắt|ringkasan",
];

/// Headings over posts that a page shows beside what it is about.
const RELATED: &[&str] = &[
    "related|related posts|related articles|related stories|related content|related reading|read next|read this next|\
     up next|what to read next|you may also like|you might also like|you may also enjoy|you might also enjoy|\
     further reading|more like this|similar posts|similar articles|see also|recommended for you|recommended reading|keep reading|\
     continue reading|more from this author|more from the author|other posts you may like",
    "ähnliche beiträge|ähnliche artikel|verwandte beiträge|verwandte artikel|das könnte sie auch interessieren|\
     das könnte dich auch interessieren|weitere beiträge zum thema|mehr zum thema|lesen sie auch|passend dazu",
    "articles similaires|articles liés|articles connexes|à lire aussi|à lire ensuite|vous aimerez aussi|sur le même sujet|lire aussi",
    "artículos relacionados|entradas relacionadas|posts relacionados|relacionados|también te puede interesar|\
     te puede interesar|lee también|sigue leyendo",
    "artigos relacionados|posts relacionados|leia também|leia a seguir|você também pode gostar|talvez goste",
    "articoli correlati|post correlati|leggi anche|potrebbe interessarti|potrebbe interessarti anche|ti potrebbe interessare",
    "gerelateerde berichten|gerelateerde artikelen|gerelateerd|lees ook|misschien vind je dit ook leuk",
    "powiązane wpisy|podobne wpisy|podobne artykuły|zobacz też|zobacz także|przeczytaj także|może cię zainteresować",
    "související články|podobné články|mohlo by vás zajímat|čtěte také|přečtěte si také",
    "relaterade inlägg|läs också|läs även|relaterede indlæg|læs også|relaterte innlegg|les også|lue myös|aiheeseen liittyvää",
    "ilgili yazılar|benzer yazılar|bunlar da ilginizi çekebilir|σχετικά άρθρα|σχετικές αναρτήσεις|διαβάστε επίσης",
    "похожие записи|похожие статьи|похожие посты|читайте также|вам может понравиться|вам также может понравиться|по теме|\
     схожі записи|схожі статті|читайте також|подобни публикации|свързани публикации|прочетете още|слични објави|прочитајте и",
    "articole similare|citește și|kapcsolódó cikkek|kapcsolódó bejegyzések|olvasd el ezt is",
    "相关文章|相关阅读|相关推荐|推荐阅读|猜你喜欢|延伸阅读|你可能喜欢|你可能感兴趣|相關文章|相關閱讀|推薦閱讀|延伸閱讀|你可能也喜歡",
    "関連記事|関連する記事|おすすめ記事|あわせて読みたい|こちらもおすすめ|次に読む",
    "관련 글|관련글|관련 게시물|관련 포스트|추천 글|함께 읽으면 좋은 글",
    "مقالات ذات صلة|مواضيع ذات صلة|قد يعجبك أيضا|اقرأ أيضا|פוסטים קשורים|כתבות נוספות|אולי יעניין אותך",
    "संबंधित लेख|यह भी पढ़ें|บทความที่เกี่ยวข้อง|เรื่องที่เกี่ยวข้อง|bài viết liên quan|có thể bạn quan tâm|artikel terkait|baca juga",
];

/// Headings over the posts that follow those which a page shows at length.
const MORE: &[&str] = &[
    "more|more posts|more articles|more stories|more news|more from the archive|more from the archives|from the archive|\
     from the archives|older|older posts|older articles|earlier|earlier posts|previously|previous posts|other posts|other articles",
    "weitere|weitere beiträge|weitere artikel|ältere beiträge|frühere beiträge|plus d'articles|plus d’articles|autres articles|\
     articles plus anciens|más artículos|más entradas|otros artículos|entradas anteriores|mais artigos|outros artigos|altri articoli|\
     articoli precedenti|meer artikelen|meer berichten|oudere berichten|więcej wpisów|inne artykuły|starsze wpisy|další články|\
     starší články|fler inlägg|äldre inlägg|flere indlæg|flere innlegg|lisää artikkeleita|vanhemmat|daha fazla yazı|önceki yazılar",
    "другие статьи|ещё статьи|еще статьи|більше статей|інші статті|още статии|ostali članci|остали чланци|további cikkek|\
     korábbi bejegyzések|alte articole|その他の記事|過去の記事|更多文章|其他文章|历史文章|다른 글|지난 글|مقالات أخرى|המזיד",
];

static MORE_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| phrases(MORE).collect());
static RELATED_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| phrases(RELATED).collect());
static TAG_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| phrases(TAG_LABELS).collect());
static AUTHOR_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| phrases(AUTHOR_LABELS).collect());
static LABEL_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| phrases(LABELS).collect());
static AUTHOR_OPENINGS: LazyLock<Openings> = LazyLock::new(|| Openings::new(AUTHOR_LABELS));
static BADGE_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| phrases(BADGES).collect());
static FORMAT_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| phrases(FORMATS).collect());
static TITLE_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| phrases(TITLE_LABELS).collect());

/// True for words that lead to a date in one language and are a subject in another.
pub(in crate::extract::page) fn is_word_of_two(text: &str) -> bool {
    [
        "data", "design", "status", "language", "details", "views", "words", "share",
    ]
    .iter()
    .any(|word| text.eq_ignore_ascii_case(word))
}

/// True for what marks some posts of a list and is no subject: "Premium", "Sponsored".
pub(in crate::extract::page) fn is_badge(text: &str) -> bool {
    is_one_of(&BADGE_SET, text)
}

/// True for what kind of thing a post is: "Video".
pub(in crate::extract::page) fn is_format(text: &str) -> bool {
    is_one_of(&FORMAT_SET, text)
}

fn is_one_of(set: &HashSet<&str>, text: &str) -> bool {
    let text = bare(text);
    !is_longer(text, LONGEST_PHRASE) && set.contains(text.to_lowercase().as_str())
}

/// True for a heading like "Related posts".
pub(in crate::extract::page) fn is_related(text: &str) -> bool {
    let text = bare(text);
    !is_longer(text, LONGEST_PHRASE) && RELATED_SET.contains(text.to_lowercase().as_str())
}

/// True for a heading like "More articles".
pub(in crate::extract::page) fn is_more(text: &str) -> bool {
    is_one_of(&MORE_SET, text)
}

/// What a label says will follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract::page) enum Expects {
    /// Tags or a category.
    Tags,
    /// A person.
    Author,
}

/// What follows `label` ("Posted in", "Author:"), if it says so.
pub(in crate::extract::page) fn expects(label: &str) -> Option<Expects> {
    let label = bare(label);
    if is_longer(label, LONGEST_PHRASE) {
        return None;
    }
    let bare = label.to_lowercase();
    if TAG_SET.contains(bare.as_str()) {
        Some(Expects::Tags)
    } else if AUTHOR_SET.contains(bare.as_str()) {
        Some(Expects::Author)
    } else {
        None
    }
}

/// True for a text that only names what stands beside it ("Tags:", "posted on").
pub(in crate::extract::page) fn is_label(text: &str) -> bool {
    /// A longer line that ends in a colon is a sentence.
    const LONGEST_CHARS: usize = 30;
    if text.len() > LONGEST_CALL_BYTES {
        return !text.contains(char::is_alphanumeric);
    }
    let text = text.trim();
    let bare = bare(text);
    let is_known = |bare: &str| {
        [&LABEL_SET, &TAG_SET, &AUTHOR_SET]
            .iter()
            .any(|set| set.contains(bare))
    };
    bare.is_empty()
        || !is_longer(bare, LONGEST_PHRASE) && is_known(&bare.to_lowercase())
        || (text.ends_with([':', '：']) && text.chars().count() <= LONGEST_CHARS)
}

/// True for two or three labels in a row ("Publicerad den").
pub(in crate::extract::page) fn are_labels(text: &str) -> bool {
    const MOST: usize = 3;
    let text = bare(text);
    !is_longer(text, LONGEST_PHRASE)
        && text.split_whitespace().count() <= MOST
        && text
            .to_lowercase()
            .split_whitespace()
            .all(|word| LABEL_SET.contains(word))
}

/// `text` without the label that leads from it to what stands next ("Joel Brandt on", before a date).
pub(in crate::extract::page) fn without_trailing_label(text: &str) -> &str {
    let text = text.trim_end();
    match text.rsplit_once(char::is_whitespace) {
        Some((head, last)) if last.chars().all(char::is_lowercase) && LABEL_SET.contains(last) => {
            head.trim_end()
        }
        _ => text,
    }
}

/// True if the words right before a date say that it is one of change.
pub(in crate::extract::page) fn says_updated(before: &str) -> bool {
    /// What stands further before it speaks of something else.
    const NEAR_BYTES: usize = 80;
    let near = before
        .rsplit(['·', '|', '•', '●', ',', ';', '('])
        .next()
        .unwrap_or("");
    let near =
        near[near.ceil_char_boundary(near.len().saturating_sub(NEAR_BYTES))..].to_lowercase();
    phrases(UPDATED).any(|word| near.contains(word))
}

/// The name after "by", if `text` is such a phrase.
pub(in crate::extract::page) fn by_line(text: &str) -> Option<&str> {
    /// No name is longer.
    const LONGEST_CHARS: usize = 40;
    let text = text
        .trim()
        .trim_start_matches(['-', '–', '—', ',', '·', '|', ' ']);
    if is_longer(text, LONGEST_PHRASE + LONGEST_CHARS) {
        return None;
    }
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return None;
    }
    let longest = AUTHOR_OPENINGS
        .of(&lower)
        .filter(|by| {
            lower[by.len()..]
                .starts_with(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '/'))
        })
        .max_by_key(|by| by.len())?;
    let name = text.get(longest.len()..)?.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '：' | ',' | '·' | '|' | '/')
    });
    (!name.is_empty() && name.chars().count() <= LONGEST_CHARS).then_some(name)
}

/// An excerpt without "Summary:" before it.
pub(in crate::extract::page) fn without_excerpt_label(text: &str) -> &str {
    let Some((label, rest)) = text.split_once([':', '：']) else {
        return text;
    };
    let known = !is_longer(label, LONGEST_PHRASE)
        && phrases(EXCERPT_LABELS).any(|known| known == label.trim().to_lowercase());
    if known { rest.trim_start() } else { text }
}

/// A name and the subject behind it: "Ada Quill in Sea, Coast".
pub(in crate::extract::page) fn name_and_subject(text: &str) -> (&str, Option<&str>) {
    const BETWEEN: [&str; 12] = [
        " in ", " under ", " dans ", " en ", " em ", " nella ", " unter ", " w ", " v ", " i ",
        " в ", " у ",
    ];
    /// No name has more words, nor has a subject.
    const WORDS: usize = 4;
    let few = |text: &str| (1..=WORDS).contains(&text.split_whitespace().count());
    BETWEEN
        .iter()
        .find_map(|between| text.split_once(between))
        .filter(|(name, subjects)| few(name) && subjects.split(',').all(few))
        .map_or((text, None), |(name, subjects)| {
            (name.trim(), Some(subjects.trim()))
        })
}

/// True for two words or more in capitals: a person, more likely than a tag.
pub(in crate::extract::page) fn is_name(token: &str) -> bool {
    const PARTICLES: [&str; 16] = [
        "de", "van", "von", "der", "den", "del", "della", "di", "da", "do", "dos", "la", "le",
        "el", "bin", "ten",
    ];
    let mut words = token
        .split_whitespace()
        .filter(|word| !PARTICLES.contains(word))
        .peekable();
    words.peek().is_some()
        && token.split_whitespace().count() >= 2
        && words.all(|word| word.starts_with(char::is_uppercase))
}

/// The title after "Title:", if `text` says so.
pub(in crate::extract::page) fn title_label(text: &str) -> Option<&str> {
    let (label, title) = text.split_once([':', '：'])?;
    let known = TITLE_SET.contains(label.trim().to_lowercase().as_str());
    (known && !title.trim().is_empty()).then(|| title.trim())
}
