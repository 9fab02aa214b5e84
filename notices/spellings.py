"""How location sources spell the 27 units of Ukraine: they give names, often without codes, and do not agree on them.

Sources of the spellings: the national romanisation (Cabinet of Ministers of Ukraine, resolution 55 of 27 January 2010),
the ISO 3166-2 names, the English names in GeoNames, and what DB-IP's City Lite files write ("Sebastopol City",
"Zaporizhzhya Oblast"). Case, accents, apostrophes and words such as "Oblast" need no entry of their own, see
:mod:`notices.gazetteer`; names of the capital and its oblast do, because those words tell the two apart.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

UKRAINIAN_UNITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "UA-05": ("Vinnytsia", "Vinnytsya", "Vinnitsya", "Vinnitsa", "Vinnytska", "Вінницька", "Винницкая"),
        "UA-07": ("Volyn", "Volhynia", "Volynska", "Волинська", "Волынская"),
        "UA-09": ("Luhansk", "Lugansk", "Luhanska", "Луганська", "Луганская", "Луганск"),
        "UA-12": ("Dnipropetrovsk", "Dnepropetrovsk", "Dnipropetrovska", "Дніпропетровська", "Днепропетровская"),
        "UA-14": ("Donetsk", "Donetska", "Donetskaya", "Донецька", "Донецкая", "Донецк", "Донецьк"),
        "UA-18": ("Zhytomyr", "Zhitomir", "Zhytomyrska", "Житомирська", "Житомирская"),
        "UA-21": ("Zakarpattia", "Zakarpattya", "Zakarpatska", "Transcarpathia", "Закарпатська", "Закарпатская"),
        "UA-23": (
            "Zaporizhzhia", "Zaporizhzhya", "Zaporizhia", "Zaporizhya", "Zaporozhye", "Zaporozhia", "Zaporizka",
            "Zaporizska", "Запорізька", "Запорожская", "Запорожье", "Запоріжжя",
        ),
        "UA-26": ("Ivano-Frankivsk", "Ivano-Frankovsk", "Ivano-Frankivska", "Івано-Франківська", "Ивано-Франковская"),
        "UA-30": ("Kyiv", "Kiev", "Kyiv City", "Kiev City", "City of Kyiv", "Misto Kyiv", "Kyyiv", "Київ", "Киев"),
        "UA-32": (
            "Kyiv Oblast", "Kiev Oblast", "Kyiv Region", "Kiev Region", "Kyivska", "Kyivska Oblast", "Kievskaya Oblast",
            "Kyivshchyna", "Київська область", "Киевская область",
        ),
        "UA-35": ("Kirovohrad", "Kirovograd", "Kirovohradska", "Kropyvnytskyi", "Кіровоградська", "Кировоградская"),
        "UA-40": ("Sevastopol", "Sebastopol", "Gorod Sevastopol", "Misto Sevastopol", "Севастополь"),
        "UA-43": ("Crimea", "Krym", "Crimean", "Avtonomna Krym", "Крим", "Крым"),
        "UA-46": ("Lviv", "Lvov", "Lvivska", "Львівська", "Львовская"),
        "UA-48": ("Mykolaiv", "Mykolayiv", "Nikolaev", "Nikolayev", "Mykolaivska", "Миколаївська", "Николаевская"),
        "UA-51": ("Odesa", "Odessa", "Odeska", "Odesska", "Одеська", "Одесская"),
        "UA-53": ("Poltava", "Poltavska", "Полтавська", "Полтавская"),
        "UA-56": ("Rivne", "Rovno", "Rivnenska", "Рівненська", "Ровенская"),
        "UA-59": ("Sumy", "Sumska", "Сумська", "Сумская"),
        "UA-61": ("Ternopil", "Ternopol", "Ternopilska", "Тернопільська", "Тернопольская"),
        "UA-63": ("Kharkiv", "Kharkov", "Kharkivska", "Харківська", "Харьковская"),
        "UA-65": ("Kherson", "Khersonska", "Херсонська", "Херсонская", "Херсон"),
        "UA-68": ("Khmelnytskyi", "Khmelnytskyy", "Khmelnytskiy", "Khmelnytska", "Khmelnitskiy", "Khmelnitsky",
                  "Khmelnytsky", "Хмельницька", "Хмельницкая"),
        "UA-71": ("Cherkasy", "Cherkassy", "Cherkaska", "Черкаська", "Черкасская"),
        "UA-74": ("Chernihiv", "Chernigov", "Chernihivska", "Чернігівська", "Черниговская"),
        "UA-77": ("Chernivtsi", "Chernovtsy", "Chernivetska", "Chernivtska", "Чернівецька", "Черновицкая"),
    }
)  # fmt: skip
