import pytest

from esg.extract.language import detect

SENTENCES = {
    "en": "We reduced our emissions by 12 % and will reach net zero by 2040.",
    "de": "Wir haben unsere Emissionen um 12 % gesenkt und wollen bis 2040 klimaneutral sein.",
    "fr": "Nous avons réduit nos émissions de 12 % et visons la neutralité carbone d'ici à 2040.",
    "it": "Abbiamo ridotto le nostre emissioni del 12 % e vogliamo essere neutrali per il clima nel 2040.",
    "es": "Hemos reducido nuestras emisiones un 12 % y queremos ser neutros en carbono en el año 2040.",
    "pt": "Reduzimos as nossas emissões em 12 % e queremos ser neutros em carbono até 2040.",
    "nl": "Wij hebben onze uitstoot met 12 % verlaagd en willen in 2040 klimaatneutraal zijn.",
    "sv": "Vi har minskat våra utsläpp med 12 % och ska vara klimatneutrala år 2040.",
    "da": "Vi har reduceret vores udledninger med 12 % og vil være klimaneutrale gennem vores indsats.",
    "no": "Vi har redusert våre utslipp med 12 % og skal være klimanøytrale gjennom egen innsats.",
    "fi": "Olemme vähentäneet päästöjä 12 % ja tavoite on olla hiilineutraali, mukaan lukien energia.",
    "pl": "Zmniejszyliśmy nasze emisje o 12 % i do roku 2040 chcemy być neutralni.",
    "cs": "Snížili jsme naše emise o 12 % a chceme být do roku 2040 neutrální, také pro naše děti.",
    "hu": "Kibocsátásunkat csökkentettük, és az a célunk, hogy semlegesek legyünk, valamint a víz is.",
    "ro": "Am redus emisiile noastre cu 12 % și dorim să fim neutri pentru climă până în 2040.",
    "tr": "Emisyonlarımızı yüzde 12 azalttık ve nötr olmak için daha çok çalışıyoruz.",
    "id": "Kami telah mengurangi emisi sebesar 12 % dan akan menjadi netral karbon.",
    "vi": "Chúng tôi đã giảm phát thải 12 % và sẽ trung hòa carbon vào năm 2040 cho các nhà máy của công ty.",
    "zh": "我們已將排放量減少百分之十二，並將於2040年實現淨零。",
    "ja": "当社は排出量を12％削減し、2040年までにネットゼロを達成します。",
    "ko": "우리는 배출량을 12% 줄였으며 2040년까지 탄소중립을 달성할 것입니다.",
    "ru": "Мы сократили выбросы на 12 % и будем климатически нейтральными к 2040 году.",
    "uk": "Ми скоротили викиди на 12 % і будемо кліматично нейтральними до 2040 року.",
    "bg": "Намалихме емисиите си с 12 % и ще бъдем неутрални към климата до 2040 година.",
    "el": "Μειώσαμε τις εκπομπές μας κατά 12 %.",
    "ar": "خفضنا انبعاثاتنا بنسبة 12 في المائة وسنصل إلى الحياد الكربوني.",
    "fa": "ما انتشار گازهای گلخانه‌ای را ۱۲ درصد کاهش دادیم و پیش می‌رویم.",
    "he": "הפחתנו את הפליטות שלנו ב-12 אחוזים",
    "th": "เราลดการปล่อยก๊าซลงร้อยละสิบสอง",
    "hi": "हमने अपने उत्सर्जन में 12 प्रतिशत की कमी की है",
}


@pytest.mark.parametrize(("language", "sentence"), SENTENCES.items())
def test_a_sentence_is_enough(language: str, sentence: str) -> None:
    assert detect(sentence) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2021 2022 2023\n12,345 13,456 14,567",
        "Scope 1\tScope 2\tTotal",
        "Y/N Y/N N/EL EL Y Y N/EL EL 0% EL a A e y",
        "PAR PAR PAR LES DES EL LA DI PER",
        ">=C4=CB *IF 6IG=B9GG *IF 5DDFC57< HC GIGH5=B56=@=HM",
    ],
)
def test_what_holds_no_function_words_is_in_no_language(text: str) -> None:
    assert detect(text) == ""


def test_most_of_the_text_decides() -> None:
    assert detect(SENTENCES["de"] * 5 + SENTENCES["en"]) == "de"


def test_english_terms_do_not_make_a_chinese_page_english() -> None:
    assert (
        detect("TCFD Task Force on Climate-related Financial Disclosures 氣候相關財務揭露工作小組建議書說明")
        == "zh"
    )


def test_typographic_apostrophes_are_apostrophes() -> None:
    assert (
        detect("L’entreprise réduit l’usage d’énergie et n’achète plus de charbon pour ses usines.") == "fr"
    )
