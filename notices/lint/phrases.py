"""How languages say to a reader where the reader is, and which words make it a condition instead.

A blank in a phrase is any white space. The place follows the phrase, but where the phrase marks it itself. The lists
are our own; they would rather miss a sentence than blame one that asserts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language: ``strong`` phrases say where somebody is whatever follows; ``weak`` ones only at a clause's end
    (in Russian "вы в России можете ..." says what can happen there).

    ``hedges`` are the words which, standing before in the sentence, make it no assertion; ``condition`` shows an
    editor how to begin instead; inflection cuts ``cut`` letters off a place's name and adds up to ``ending``.
    ``formal`` is a pronoun that at the beginning of a sentence may mean a third person.
    """

    strong: str
    hedges: str
    condition: str
    weak: str = r"(?!)"
    articles: str = ""
    ending: int = 0
    cut: int = 1
    places: tuple[str, ...] = ()
    formal: str = r"(?!)"


_EN_NOW = r"(?: (?:currently|now|presently|already|clearly|actually|located|based|living|residing|situated))*"
PHRASES = {
    "en": Phrases(
        strong=rf"\byou(?:['’]re| are){_EN_NOW}(?: reading (?:this|us))? (?:in|within|inside)"
        r"|\byou(?:['’]re| are)(?: (?:currently|now))? (?:reading|visiting|browsing|connecting|connected|writing)"
        r"(?: (?:this|us|our|the|page|site|website|to))* from"
        r"|\byou (?:currently |now )?(?:live|reside) in"
        r"|\byour (?:current )?(?:location|country|region|position) is(?: in)?"
        r"|\bas a (?:reader|visitor|user) (?:in|from)",
        hedges=r"if|whether|when|whenever|while|unless|case|condition|should|suppos\w+|assum\w+|imagin\w+|provid\w+|once"
        r"|long as|where|wherever|may|might|could|would|perhaps|maybe|possibly|probably|likely|seem\w*|appear\w*|until"
        r"|before|after|who|whoever|anyone|those|only|not (?:say|mean|know|claim|tell|prove|imply)\w*",
        condition="If you are in ...",
        articles="the ",
        places=(
            "a country", "this country", "a region", "this region", "a territory", "this territory", "UK", "US", "USA",
            "EU", "Britain", "Great Britain", "Europe", "Russia", "Crimea",
        ),
    ),
    "ru": Phrases(
        strong=r"\b(?:вы|ты)(?: сейчас| теперь| уже)?(?: находитесь| живёте| живете| проживаете| пребываете| находишься"
        r"| живёшь| живешь| читаете (?:это|эту страницу|нас))(?: сейчас| теперь)? (?:в|во|на|из)"
        r"|\bваш(?:а|е)? (?:местоположение|местонахождение|страна|регион)(?: —| –| -|:)",
        weak=r"\b(?:вы|ты)(?: сейчас| теперь| уже)? (?:в|во|на)",
        hedges=r"если|когда|ли|пока|будь|случа\w+|возможно|может|вероятно|допустим|предположим|представьте|даже|кто|где"
        r"|коли|лишь|только|не (?:значит|означает)|хотя",
        condition="Если вы в ...",
        ending=3,
        places=("стране", "Российской Федерации", "Беларуси", "Белоруссии", "Крыму", "Евросоюзе"),
    ),
    "uk": Phrases(
        strong=r"\b(?:ви|ти)(?: зараз| нині| тепер| вже)?(?: перебуваєте| знаходитесь| знаходитеся| живете| мешкаєте"
        r"| проживаєте| перебуваєш| живеш| читаєте (?:це|цю сторінку|нас))(?: зараз| нині| тепер)? (?:в|у|на|з|із)",
        weak=r"\b(?:ви|ти)(?: зараз| нині| тепер| вже)? (?:в|у|на)",
        hedges=r"якщо|коли|чи|поки|доки|разі|раптом|можливо|може|мабуть|припустімо|навіть|хто|де|якби|лише|тільки|хоча"
        r"|не означає",
        condition="Якщо ви в ...",
        ending=3,
        places=("країні", "Російській Федерації", "Криму", "Євросоюзі"),
    ),
    "be": Phrases(
        strong=r"\b(?:вы|ты)(?: цяпер| зараз)?(?: знаходзіцеся| жывяце| пражываеце| знаходзішся"
        r"| чытаеце (?:гэта|гэтую старонку|нас))(?: цяпер| зараз)? (?:ў|у|на|з|са)",
        weak=r"\b(?:вы|ты)(?: цяпер| зараз)? (?:ў|у|на)",
        hedges=r"калі|ці|пакуль|выпадку|магчыма|можа|хто|дзе|нават|толькі|хоць|не азначае",
        condition="Калі вы ў ...",
        ending=3,
        places=("краіне", "Расійскай Федэрацыі", "Крыме"),
    ),
    "de": Phrases(
        strong=r"\bSie befinden sich(?: \w+)? (?:in|im|auf)|\bdu befindest dich(?: \w+)? (?:in|im|auf)"
        r"|\b(?:da|weil) (?:Sie sich|du dich)(?: \w+)? in|\bSie lesen (?:dies|uns) (?:in|aus)",
        weak=r"\bdu (?:bist|lebst|wohnst)(?: (?:gerade|derzeit|jetzt|momentan))? (?:in|im)",
        hedges=r"wenn|falls|ob|sofern|soweit|solange|sollten?|angenommen|vielleicht|möglicherweise|wer|wo|als|fall|nur",
        condition="Wenn Sie in ... sind",
        articles="der |den |dem ",
        formal="Sie",
    ),
    "fr": Phrases(
        strong=r"\bvous vous trouvez(?: \w+)? (?:en|au|aux|à|dans)|\btu te trouves(?: \w+)? (?:en|au|aux|à|dans)"
        r"|\bvous (?:résidez|vivez|habitez)(?: \w+)? (?:en|au|aux|à|dans)|\bvous nous lisez depuis",
        weak=r"\b(?:vous êtes|tu es)(?: (?:actuellement|maintenant|ici|bien))* (?:en|au|aux|à|dans)",
        hedges=r"si|s|lorsque|lorsqu|quand|tant|cas|moins|supposons|peut|dès|où|qui|quiconque|seulement|sauf",
        condition="Si vous êtes en ...",
        articles="le |la |les |l'|l’",
    ),
    "es": Phrases(
        strong=r"\b(?:usted se encuentra|usted reside|usted vive|te encuentras)(?: (?:actualmente|ahora))? en",
        weak=r"\b(?:usted está|estás|vives|resides)(?: (?:actualmente|ahora))? en",
        hedges=r"si|cuando|mientras|caso|salvo|aunque|quien|quienes|quizá\w*|tal vez|posible\w*|donde|supon\w+"
        r"|solo|sólo",
        condition="Si está en ...",
        articles="el |la |los |las ",
    ),
    "it": Phrases(
        strong=r"\b(?:ti trovi|lei (?:si trova|risiede|vive))(?: (?:attualmente|ora|adesso))? (?:in|nel|nella|negli)",
        weak=r"\b(?:sei|vivi|risiedi)(?: (?:attualmente|ora|adesso))? (?:in|nel|nella|negli)",
        hedges=r"se|quando|mentre|qualora|caso|finché|forse|chi|dove|purché|solo",
        condition="Se sei in ...",
    ),
    "pt": Phrases(
        strong=r"\bvocê (?:se encontra|vive|mora|reside)(?: (?:atualmente|agora))? (?:em|no|na|nos|nas)",
        weak=r"\b(?:você está|estás)(?: (?:atualmente|agora))? (?:em|no|na|nos|nas)",
        hedges=r"se|quando|enquanto|caso|talvez|quem|onde|só|somente|apenas",
        condition="Se você está em ...",
    ),
    "pl": Phrases(
        strong=r"\b(?:znajdujesz się|przebywasz|znajdują się państwo|przebywają państwo)"
        r"(?: (?:teraz|obecnie|aktualnie))? (?:w|we|na)",
        weak=r"\b(?:jesteś|mieszkasz|są państwo)(?: (?:teraz|obecnie|aktualnie))? (?:w|we|na)",
        hedges=r"jeśli|jeżeli|gdy|kiedy|czy|gdyby|ile|dopóki|razie|może|kto|gdzie|gdziekolwiek|tylko",
        condition="Jeśli jesteś w ...",
        ending=4,
        cut=2,
    ),
    "nl": Phrases(
        strong=r"\b(?:u bevindt zich|je bevindt je|jij bevindt je)(?: (?:nu|momenteel|op dit moment))? in",
        weak=r"\b(?:u bent|je bent|jij bent|u woont|je woont)(?: (?:nu|momenteel|op dit moment))? in",
        hedges=r"als|wanneer|indien|of|mocht|tenzij|zolang|terwijl|misschien|wie|waar|alleen",
        condition="Als u in ... bent",
        articles="de |het ",
    ),
    "tr": Phrases(
        strong=r"(?P<place>[A-ZÇĞİÖŞÜ]\w+(?: [A-ZÇĞİÖŞÜ]\w+)*)['’]?[dt][ae]"
        r"(?:s[ıi]n[ıi]z| bulunuyorsunuz| yaşıyorsunuz)\b",
        hedges=r"eğer|şayet|belki|diyelim",
        condition="Eğer ...'daysanız",
    ),
    "ar": Phrases(
        strong=r"\b(?:أنت|أنتم|إنك|أنك|لأنك)(?: الآن| حاليًا| حاليا)? (?:موجود|متواجد|مقيم|موجودون)"
        r"(?: الآن| حاليًا| حاليا)? في",
        weak=r"\b(?:أنت|أنتم|إنك|أنك|لأنك)(?: الآن| حاليًا| حاليا)? في",
        hedges=r"إذا|إن|لو|عندما|حين|حينما|حال|سواء|ربما|قد|كنت|كنتم|أينما|من|ما لم",
        condition="إذا كنت في ...",
    ),
    "zh": Phrases(
        strong=r"(?:您|你)(?:现在|目前|正|現在)?(?:位于|位於|身在|身处|身處)",
        weak=r"(?:您|你)(?:现在|目前|正|現在)?在",
        hedges=r"如果|若|如|假如|倘若|是否|的话|的話|当|當|一旦|只要|除非|无论|無論|万一|萬一|可能|也许|或许",
        condition="如果您在……",
    ),
}  # fmt: skip
