"""Invented names, as different writers put them down in different scripts."""

import random
from dataclasses import dataclass

import cyrtranslit


@dataclass(frozen=True)
class Origin:
    """Children of one citizenship and first language: how common, given and family names.

    Each name is `latin|own script|another Latin spelling|…`; `f` are girls' names, `m` boys'.
    """

    share: int
    citizenship: str
    languages: tuple[str, ...]
    m: tuple[str, ...]
    f: tuple[str, ...]
    family: tuple[str, ...]
    girls: float = 0.12
    home: tuple[str, ...] = ()


_AFGHAN_M = (
    "Farid|فرید|Fareed|Ferid",
    "Najib|نجیب|Najeeb|Nadžib",
    "Mirwais|میرویس|Mirweis|Mirvais",
    "Zabiullah|ذبیح الله|Zabihullah|Zabiulah",
    "Esmatullah|عصمت الله|Asmatullah|Ismatulah",
    "Jawad|جواد|Javad|Džavad",
    "Rahmat|رحمت|Rahmet|Rehmat",
    "Samim|صمیم|Sameem|Samem",
    "Khaled|خالد|Khalid|Haled",
    "Omid|امید|Omeed|Umid",
    "Hashmat|حشمت|Hashmatullah|Hašmat",
    "Nasrat|نصرت|Nusrat|Nasret",
    "Wahid|وحید|Waheed|Vahid",
    "Bilal|بلال|Belal|Bilalj",
    "Sharif|شریف|Shareef|Šarif",
)
_AFGHAN_F = (
    "Zarghuna|زرغونه|Zarguna|Zergona",
    "Marwa|مروه|Marva|Merwa",
    "Shabnam|شبنم|Šabnam|Shebnem",
    "Nilofar|نیلوفر|Niloofar|Nilufer",
    "Hosna|حسنا|Husna|Hosne",
    "Laila|لیلا|Leila|Lejla",
)
_ARAB_M = (
    "Yousef|يوسف|Yusuf|Jusef",
    "Khalil|خليل|Khaleel|Halil",
    "Anas|أنس|Anass|Enes",
    "Mahmoud|محمود|Mahmud|Mahmood",
    "Ziad|زياد|Ziyad|Zijad",
    "Hamza|حمزة|Hamzah|Hemza",
    "Tareq|طارق|Tarek|Tarik",
    "Qusai|قصي|Qusay|Kusaj",
    "Nour|نور|Noor|Nur",
    "Laith|ليث|Layth|Lejs",
)
_ARAB_F = (
    "Rima|ريما|Reema|Rime",
    "Hala|هالة|Hallah|Halla",
    "Maysa|ميساء|Maisa|Majsa",
    "Salma|سلمى|Selma|Salmah",
    "Dalal|دلال|Delal|Dalall",
    "Yara|يارا|Yarah|Jara",
)

ORIGINS: tuple[Origin, ...] = (
    Origin(
        24,
        "AF",
        ("fa-AF",),
        _AFGHAN_M,
        _AFGHAN_F,
        (
            "Rahimi|رحیمی|Raheemi|Rahimij",
            "Haidari|حیدری|Heydari|Hajdari",
            "Noorzad|نورزاد|Nurzad|Noorzada",
            "Karimzai|کریمزی|Karimzay|Kerimzai",
            "Sultani|سلطانی|Soltani|Sulltani",
            "Yaqubi|یعقوبی|Yaghoubi|Jakubi",
            "Mohammadi|محمدی|Muhammadi|Mohamadi",
            "Azimpur|عظیم پور|Azimpour|Azempur",
            "Danishyar|دانش یار|Daneshyar|Danišjar",
        ),
        home=("Kunduz", "Baghlan", "Herat", "Kabul"),
    ),
    Origin(
        20,
        "AF",
        ("ps", "fa-AF"),
        _AFGHAN_M,
        _AFGHAN_F,
        (
            "Stanikzai|ستانکزی|Stanekzai|Stanikzaj",
            "Ahmadzai|احمدزی|Ahmedzai|Ahmadzaj",
            "Shinwari|شینواری|Shenwari|Šinvari",
            "Momand|مومند|Mohmand|Mumand",
            "Zadran|ځدراڼ|Jadran|Dzadran",
            "Wardak|وردګ|Wardag|Vardak",
            "Safi|ساپی|Sapi|Saffi",
            "Khogyani|خوګیاڼی|Khugyani|Hogjani",
        ),
        girls=0.03,
        home=("Nangarhar", "Laghman", "Paktia", "Kunar"),
    ),
    Origin(
        13,
        "SY",
        ("ar",),
        _ARAB_M,
        _ARAB_F,
        (
            "al-Darwish|الدرويش|Aldarwish|Darviš",
            "Halabi|حلبي|al-Halabi|Halebi",
            "al-Khatib|الخطيب|Alkhateeb|Hatib",
            "Sabbagh|صباغ|Sabag|Sabbag",
            "al-Najjar|النجار|Alnajar|Nadžar",
            "Qabbani|قباني|Kabbani|Kabani",
            "Shahin|شاهين|Shaheen|Šahin",
        ),
        girls=0.3,
        home=("Idlib", "Deir ez-Zor", "Homs", "Aleppo"),
    ),
    Origin(
        8,
        "PK",
        ("ur", "ps"),
        (
            "Ijaz|اعجاز|Ejaz|Idžaz",
            "Shoaib|شعیب|Shuaib|Šoaib",
            "Adnan|عدنان|Adnaan|Ednan",
            "Kashif|کاشف|Kaashif|Kašif",
            "Faizan|فیضان|Fayzan|Fajzan",
            "Usman|عثمان|Osman|Othman",
        ),
        ("Kiran|کرن|Keeran|Kirn", "Sadia|سعدیہ|Saadia|Sadija"),
        (
            "Bhatti|بھٹی|Bhati|Bati",
            "Cheema|چیمہ|Chima|Čima",
            "Warraich|وڑائچ|Waraich|Varaič",
            "Gondal|گوندل|Gundal|Gondl",
        ),
        girls=0.02,
        home=("Gujrat", "Peshawar"),
    ),
    Origin(
        6,
        "IQ",
        ("ckb", "ar"),
        ("Rebin|ڕێبین|Rebeen|Rebïn", "Hiwa|هیوا|Heewa|Hiva", "Soran|سۆران|Suran|Soraan"),
        ("Shilan|شیلان|Šilan|Sheelan", "Awin|ئاوین|Evin|Aveen"),
        ("Barzinji|بەرزنجی|Barznji|Berzindži", "Hawrami|هەورامی|Hewrami|Havrami"),
        girls=0.35,
        home=("Ranya", "Duhok"),
    ),
    Origin(
        5,
        "IR",
        ("fa",),
        ("Arash|آرش|Araš|Aarash", "Sina|سینا|Seena|Cina", "Kian|کیان|Keyan|Kijan"),
        ("Parisa|پریسا|Pareesa|Perisa", "Sanaz|ساناز|Sannaz|Sanaaz"),
        ("Tehranchi|تهرانچی|Tehrančy|Teranči", "Golzari|گلزاری|Gulzari|Golzary"),
        girls=0.35,
        home=("Mashhad", "Shiraz"),
    ),
    Origin(
        4,
        "SO",
        ("so",),
        ("Abdirahim|عبد الرحيم|Abdirahiim|Abdirahim", "Liban|ليبان|Libaan|Lyban"),
        ("Hodan|هودان|Hoodan|Hodun", "Ifrah|إفراح|Yfrah|Ifra"),
        ("Warsame|ورسمه|Warsama|Varsame", "Jibril|جبريل|Jibriil|Džibril"),
        girls=0.3,
        home=("Beledweyne",),
    ),
    Origin(
        4,
        "CD",
        ("fr", "ln"),
        ("Trésor|Trésor|Tresor|Trezor", "Héritier|Héritier|Heritier|Eritje"),
        ("Merveille|Merveille|Mervej|Marveille", "Grâce|Grâce|Grace|Gras"),
        ("Mbuyi|Mbuyi|Mbuji|Mbui", "Kalonji|Kalonji|Kalondži|Calonji"),
        girls=0.45,
        home=("Goma",),
    ),
    Origin(
        8,
        "RS",
        ("sr-Cyrl",),
        ("Lazar|Лазар|Lazar|Laza", "Uroš|Урош|Uros|Uroš", "Vukašin|Вукашин|Vukasin|Vuk"),
        ("Teodora|Теодора|Tea|Todora", "Anđela|Анђела|Andjela|Anđa", "Milica|Милица|Mica|Milica"),
        (
            "Stojilković|Стојилковић|Stojilkovic|Stoiljković",
            "Mitrevski|Митревски|Mitrevski|Mitreski",
            "Đokić|Ђокић|Djokic|Dokić",
        ),
        girls=0.6,
        home=("Leskovac", "Kragujevac"),
    ),
    Origin(
        8,
        "RS",
        ("rom", "sr-Latn"),
        ("Elvis|Елвис|Elvis|Alvis", "Safet|Сафет|Safet|Savet", "Denis|Денис|Deniz|Denis"),
        ("Sanela|Санела|Sanela|Senela", "Đulijana|Ђулијана|Djulijana|Julijana"),
        (
            "Demirović|Демировић|Demirovic|Demirov",
            "Bajramović|Бајрамовић|Bajramovic|Bajram",
            "Selimov|Селимов|Selimov|Selim",
        ),
        girls=0.6,
        home=("Niš", "Bujanovac"),
    ),
)
_STAFF_M = [
    "Aleksandar",
    "Bojan",
    "Branislav",
    "Dejan",
    "Filip",
    "Igor",
    "Jovan",
    "Luka",
    "Miloš",
    "Nenad",
    "Ognjen",
    "Predrag",
    "Rade",
    "Slobodan",
    "Stefan",
    "Vladan",
    "Vuk",
    "Željko",
]
_STAFF_F = [
    "Aleksandra",
    "Bojana",
    "Danijela",
    "Dragana",
    "Gordana",
    "Ivana",
    "Jasmina",
    "Ljiljana",
    "Maja",
    "Mirjana",
    "Nataša",
    "Olivera",
    "Radmila",
    "Slađana",
    "Tamara",
    "Tatjana",
    "Violeta",
    "Zorica",
]
_STAFF_FAMILY = [
    "Andrejić",
    "Bakočević",
    "Cakić",
    "Dabić",
    "Erdeljan",
    "Filipović-Rajić",
    "Gajić",
    "Hadžić",
    "Ivković",
    "Jeremić",
    "Knežević",
    "Lukačević",
    "Mandić",
    "Nedić",
    "Ognjanov",
    "Pantić",
    "Ranđelović",
    "Simonović",
    "Tošković",
    "Urošević",
    "Vasov",
    "Zeljković",
]


@dataclass(frozen=True)
class Named:
    """One invented child: the name as written by the office, in its own script, by others."""

    origin: Origin
    girl: bool
    latin: str
    own: str
    variant: str
    cyrillic: str
    given: str
    family: str


def child(rng: random.Random) -> Named:
    """Somebody, with spellings."""
    origin = rng.choices(ORIGINS, [each.share for each in ORIGINS])[0]
    girl = rng.random() < origin.girls
    given = rng.choice(origin.f if girl else origin.m).split("|")
    family = rng.choice(origin.family).split("|")
    latin = f"{given[0]} {family[0]}"
    return Named(
        origin=origin,
        girl=girl,
        latin=latin,
        own=f"{given[1]} {family[1]}",
        variant=f"{rng.choice(given[2:])} {rng.choice(family[2:])}",
        cyrillic=_by_ear(latin),
        given=given[0],
        family=family[0],
    )


# Letters that Serbian has not, as an office writes them by ear.
_HEARD = str.maketrans(
    {
        "w": "v",
        "W": "V",
        "y": "j",
        "Y": "J",
        "q": "k",
        "Q": "K",
        "x": "ks",
        "é": "e",
        "É": "E",
        "â": "a",
    }
)


def _by_ear(latin: str) -> str:
    """A name in Serbian Cyrillic."""
    written: str = cyrtranslit.to_cyrillic(latin.translate(_HEARD), "sr")
    return written


def relative(rng: random.Random, of: Named) -> tuple[str, bool]:
    """Latin name of a relative of the same family, and whether female."""
    girl = rng.random() < 0.4
    given = rng.choice(of.origin.f if girl else of.origin.m).split("|")[0]
    return f"{given} {of.family}", girl


def colleague(rng: random.Random) -> str:
    """An invented member of staff."""
    given = rng.choice(_STAFF_F if rng.random() < 0.75 else _STAFF_M)
    return f"{given} {rng.choice(_STAFF_FAMILY)}"


def phone(rng: random.Random) -> str:
    """A number in a range that nobody has: 060 000 xxxx."""
    return f"+381 60 000 {rng.randrange(10_000):04d}"
