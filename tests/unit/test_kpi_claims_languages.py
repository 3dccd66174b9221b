"""Statements with a value in other languages: what counts as one, and what only sounds like it."""

import pytest

from esg.kpi import read_claims

SAID = [
    ("de", "Wir wollen bis 2050 klimaneutral werden.", "net_zero_target_year", "2050"),
    ("de", "Bis spätestens 2045 streben wir Netto-Null-Emissionen an.", "net_zero_target_year", "2045"),
    ("de", "Unsere Klimaziele wurden von der SBTi validiert.", "sbti_status", "validated"),
    ("de", "Wir senken die Scope-1-Emissionen bis 2030 um 42 %.", "interim_target", "42% by 2030"),
    (
        "de",
        "Die Angaben wurden mit begrenzter Sicherheit durch die KPMG AG geprüft.",
        "assurance_level",
        "limited",
    ),
    (
        "de",
        "Die nichtfinanzielle Erklärung wurde einer unabhängigen Prüfung mit begrenzter Sicherheit "
        "durch KPMG unterzogen.",
        "assurance_provider",
        "KPMG",
    ),
    ("de", "Wir berichten im Einklang mit den Empfehlungen der TCFD.", "tcfd_aligned", "yes"),
    (
        "de",
        "Der Bericht wurde in Übereinstimmung mit den GRI-Standards erstellt.",
        "gri_used",
        "in accordance",
    ),
    ("de", "Der Bericht entstand unter Bezugnahme auf die GRI-Standards.", "gri_used", "with reference"),
    ("de", "Unser interner CO2-Preis beträgt 85 Euro pro Tonne CO2.", "internal_carbon_price", "85 EUR"),
    ("de", "Bis 2030 wollen wir 100 % Ökostrom beziehen.", "renewable_target", "100% by 2030"),
    ("de", "Basisjahr ist 2019.", "base_year", "2019"),
    ("it", "Vogliamo raggiungere zero emissioni nette entro il 2050.", "net_zero_target_year", "2050"),
    ("it", "I nostri obiettivi sono stati approvati dalla SBTi.", "sbti_status", "validated"),
    ("it", "Ridurremo le emissioni di Scope 1 del 42% entro il 2030.", "interim_target", "42% by 2030"),
    ("it", "La dichiarazione è stata sottoposta a esame limitato.", "assurance_level", "limited"),
    ("it", "Il bilancio è redatto in conformità ai GRI Standards.", "gri_used", "in accordance"),
    ("it", "Il report segue i GRI Standards (GRI Referenced).", "gri_used", "with reference"),
    ("it", "Siamo in linea con le raccomandazioni della TCFD.", "tcfd_aligned", "yes"),
    ("it", "L'anno base è il 2019.", "base_year", "2019"),
    ("fr", "Nous visons la neutralité carbone d’ici 2050.", "net_zero_target_year", "2050"),
    ("fr", "Nos objectifs ont été validés par la SBTi.", "sbti_status", "validated"),
    ("fr", "Réduire les émissions de scope 1 de 42 % d'ici à 2030.", "interim_target", "42% by 2030"),
    ("fr", "Le vérificateur a exprimé une assurance modérée.", "assurance_level", "limited"),
    ("fr", "Le rapport est établi en conformité avec les normes GRI.", "gri_used", "in accordance"),
    ("fr", "Notre démarche est alignée sur les recommandations de la TCFD.", "tcfd_aligned", "yes"),
    ("fr", "L'année de référence est 2019.", "base_year", "2019"),
    ("fr", "Atteindre 100 % d'électricité renouvelable en 2030.", "renewable_target", "100% by 2030"),
    ("es", "Queremos alcanzar cero emisiones netas en 2050.", "net_zero_target_year", "2050"),
    ("es", "Nuestros objetivos han sido validados por la SBTi.", "sbti_status", "validated"),
    ("es", "Reducir las emisiones de alcance 1 un 42% para 2030.", "interim_target", "42% by 2030"),
    (
        "es",
        "La verificación se realizó con un nivel de aseguramiento limitado.",
        "assurance_level",
        "limited",
    ),
    ("es", "Elaborado de conformidad con los Estándares GRI.", "gri_used", "in accordance"),
    ("es", "El año base es 2019.", "base_year", "2019"),
    ("sv", "Vi ska nå nettonollutsläpp senast 2045.", "net_zero_target_year", "2045"),
    ("sv", "Våra mål är validerade av SBTi.", "sbti_status", "validated"),
    ("sv", "Vi ska minska utsläppen i scope 1 med 42 procent till 2030.", "interim_target", "42% by 2030"),
    ("sv", "Rapporten har granskats med begränsad säkerhet.", "assurance_level", "limited"),
    ("sv", "Rapporten är upprättad i enlighet med GRI Standards.", "gri_used", "in accordance"),
    ("sv", "Basåret är 2019.", "base_year", "2019"),
    ("id", "Kami menargetkan net zero emission pada tahun 2050.", "net_zero_target_year", "2050"),
    (
        "id",
        "Kami akan menurunkan emisi Cakupan 1 sebesar 42% pada tahun 2030.",
        "interim_target",
        "42% by 2030",
    ),
    ("id", "Laporan ini disusun sesuai dengan Standar GRI.", "gri_used", "in accordance"),
    ("id", "Laporan ini disusun dengan merujuk pada Standar GRI.", "gri_used", "with reference"),
    ("id", "Tahun dasar adalah 2019.", "base_year", "2019"),
    ("zh", "我們承諾2050年達成淨零排放。", "net_zero_target_year", "2050"),
    ("zh", "本公司科學基礎減量目標已通過SBTi審查。", "sbti_status", "validated"),
    ("zh", "以2020年為基準，2030年範疇一碳排放減少42%。", "interim_target", "42% by 2030"),
    ("zh", "溫室氣體排放數據取得有限確信。", "assurance_level", "limited"),
    ("zh", "本報告書依循GRI準則編製。", "gri_used", "in accordance"),
    ("zh", "本报告参考GRI标准编制。", "gri_used", "with reference"),
    ("zh", "本行依循TCFD建議揭露氣候資訊。", "tcfd_aligned", "yes"),
    ("zh", "2022年已導入內部碳定價機制。", "internal_carbon_price", "yes"),
    ("zh", "2030年全公司100%使用再生能源。", "renewable_target", "100% by 2030"),
    ("zh", "基準年為2020年。", "base_year", "2020"),
]

NOT_SAID = [
    ("de", "Die Bundesregierung will bis 2045 klimaneutral werden.", "net_zero_target_year"),
    ("de", "Unsere Ziele sind noch nicht von der SBTi validiert.", "sbti_status", "validated"),
    ("de", "Unsere Lieferanten haben von der SBTi validierte Ziele.", "sbti_status", "validated"),
    (
        "de",
        "Der Umfang ist geringer als bei einer Prüfung mit hinreichender Sicherheit.",
        "assurance_level",
        "reasonable",
    ),
    (
        "de",
        "Unser Ziel ist, hinreichende Sicherheit darüber zu erlangen, ob der Konzernabschluss frei von "
        "Fehlern ist.",
        "assurance_level",
        "reasonable",
    ),
    (
        "it",
        "Il nostro esame ha comportato un’estensione di lavoro inferiore a quella di un esame completo "
        "(“reasonable assurance engagement”).",
        "assurance_level",
        "reasonable",
    ),
    ("id", "Pemerintah Indonesia menargetkan net zero emission pada tahun 2060.", "net_zero_target_year"),
    ("zh", "臺灣 2050 年淨零排放為政府政策。", "net_zero_target_year"),
    ("zh", "2025年底前將完成內部碳定價機制。", "internal_carbon_price", "yes"),
]


@pytest.fixture
def read(make_page, make_document):
    def read_pages(text, language):
        claims = read_claims(make_document(year=2023), [make_page(text, language=language)])
        return [(r.claim.claim, r.claim.value) for r in claims]

    return read_pages


@pytest.mark.parametrize(("language", "sentence", "claim", "value"), SAID)
def test_a_sentence_states_a_value(read, language, sentence, claim, value):
    assert (claim, value) in read(sentence, language)


@pytest.mark.parametrize("case", NOT_SAID, ids=lambda case: case[1])
def test_what_only_sounds_like_it_states_nothing(read, case):
    language, sentence, *claim = case

    assert not [said for said in read(sentence, language) if list(said)[: len(claim)] == claim]
