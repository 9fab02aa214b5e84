"""The few words of our own that frame a notice or a withheld page, in the languages of likely readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .language import choose_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Words(NamedTuple):
    """One language's words: the names of the three levels, and the page that stands for a withheld one."""

    info: str
    warning: str
    legal: str
    withheld_title: str
    withheld: str
    basis: str


WORDS: Mapping[str, Words] = {
    "en": Words(
        "Notice",
        "Warning",
        "Legal notice",
        "Unavailable for legal reasons",
        "This page cannot be shown to you for legal reasons.",
        "Legal basis",
    ),
    "ru": Words(
        "К сведению",
        "Предупреждение",
        "Правовое уведомление",
        "Недоступно по юридическим причинам",
        "Эту страницу нельзя показать вам по юридическим причинам.",
        "Правовое основание",
    ),
    "uk": Words(
        "До відома",
        "Попередження",
        "Правове повідомлення",
        "Недоступно з юридичних причин",
        "Цю сторінку не можна показати вам з юридичних причин.",
        "Правова підстава",
    ),
    "be": Words(
        "Да ведама",
        "Папярэджанне",
        "Прававое паведамленне",
        "Недаступна з юрыдычных прычын",
        "Гэтую старонку нельга паказаць вам з юрыдычных прычын.",
        "Прававая падстава",
    ),
    "ar": Words(
        "تنويه",
        "تحذير",
        "إشعار قانوني",
        "غير متاح لأسباب قانونية",
        "لا يمكن عرض هذه الصفحة لك لأسباب قانونية.",
        "الأساس القانوني",
    ),
    "fa": Words(
        "توجه",
        "هشدار",
        "اطلاعیهٔ حقوقی",
        "به دلایل حقوقی در دسترس نیست",
        "این صفحه را به دلایل حقوقی نمی‌توان به شما نشان داد.",
        "مبنای حقوقی",
    ),
    "he": Words(
        "הודעה",
        "אזהרה",
        "הודעה משפטית",
        "לא זמין מסיבות משפטיות",
        "לא ניתן להציג לך את הדף הזה מסיבות משפטיות.",
        "הבסיס המשפטי",
    ),
    "de": Words(
        "Hinweis",
        "Warnung",
        "Rechtlicher Hinweis",
        "Aus rechtlichen Gründen nicht verfügbar",
        "Diese Seite kann Ihnen aus rechtlichen Gründen nicht gezeigt werden.",
        "Rechtsgrundlage",
    ),
    "fr": Words(
        "À savoir",
        "Avertissement",
        "Mention légale",
        "Indisponible pour des raisons juridiques",
        "Cette page ne peut pas vous être montrée pour des raisons juridiques.",
        "Base légale",
    ),
    "es": Words(
        "Aviso",
        "Advertencia",
        "Aviso legal",
        "No disponible por motivos legales",
        "Esta página no se le puede mostrar por motivos legales.",
        "Base jurídica",
    ),
    "it": Words(
        "Avviso",
        "Avvertenza",
        "Avviso legale",
        "Non disponibile per motivi legali",
        "Questa pagina non può esserle mostrata per motivi legali.",
        "Base giuridica",
    ),
    "pt": Words(
        "Aviso",
        "Advertência",
        "Aviso legal",
        "Indisponível por motivos legais",
        "Esta página não pode ser mostrada a você por motivos legais.",
        "Base legal",
    ),
    "pl": Words(
        "Informacja",
        "Ostrzeżenie",
        "Informacja prawna",
        "Niedostępne z przyczyn prawnych",
        "Tej strony nie można wyświetlić z przyczyn prawnych.",
        "Podstawa prawna",
    ),
    "nl": Words(
        "Mededeling",
        "Waarschuwing",
        "Juridische mededeling",
        "Om juridische redenen niet beschikbaar",
        "Deze pagina kan u om juridische redenen niet worden getoond.",
        "Rechtsgrond",
    ),
    "hu": Words(
        "Tájékoztatás",
        "Figyelmeztetés",
        "Jogi tájékoztatás",
        "Jogi okokból nem elérhető",
        "Ez az oldal jogi okokból nem jeleníthető meg.",
        "Jogalap",
    ),
    "ro": Words(
        "Informare",
        "Avertisment",
        "Informare juridică",
        "Indisponibil din motive juridice",
        "Această pagină nu vă poate fi afișată din motive juridice.",
        "Temei juridic",
    ),
    "tr": Words(
        "Bilgi",
        "Uyarı",
        "Yasal uyarı",
        "Hukuki nedenlerle erişilemiyor",
        "Bu sayfa hukuki nedenlerle size gösterilemiyor.",
        "Hukuki dayanak",
    ),
    "ka": Words(
        "ცნობისთვის",
        "გაფრთხილება",
        "სამართლებრივი შეტყობინება",
        "მიუწვდომელია სამართლებრივი მიზეზით",
        "ამ გვერდის ჩვენება სამართლებრივი მიზეზით შეუძლებელია.",
        "სამართლებრივი საფუძველი",
    ),
    "kk": Words(
        "Назарыңызға",
        "Ескерту",
        "Құқықтық хабарлама",
        "Құқықтық себептермен қолжетімсіз",
        "Бұл бетті құқықтық себептермен көрсету мүмкін емес.",
        "Құқықтық негіз",
    ),
    "zh-Hans": Words(
        "提示",
        "警告",
        "法律声明",
        "因法律原因无法显示",
        "由于法律原因，无法向您显示此页面。",
        "法律依据",
    ),
    "zh-Hant": Words(
        "提示",
        "警告",
        "法律聲明",
        "因法律原因無法顯示",
        "由於法律原因，無法向您顯示此頁面。",
        "法律依據",
    ),
    "ja": Words(
        "お知らせ",
        "警告",
        "法的なお知らせ",
        "法的な理由により表示できません",
        "法的な理由により、このページを表示することができません。",
        "法的根拠",
    ),
}


def choose_words(languages: Sequence[str]) -> tuple[str, Words]:
    """Choose the words nearest to *languages*, most wanted first, as tag and words; English where none is near."""
    tag = choose_language(tuple(WORDS), languages, "en")
    return tag, WORDS[tag]
