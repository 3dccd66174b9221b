"""Figures in other languages: names, units, scales, years and number formats, each trap by itself."""

from dataclasses import replace

import pytest

from esg.kpi import read_kpis


@pytest.fixture
def read(make_page, make_document):
    def read_pages(text, language, *, year=2023):
        document = replace(make_document(year=year), language=language)
        return read_kpis(document, [make_page(text, language=language)])

    return read_pages


def values(kpis):
    return {(k.kpi, k.fiscal_year): k.value for k in kpis}


TABLES = {
    "de": (
        "^THG-Emissionen in t CO2-Äquivalenten\tGJ 2023\tGJ 2022\n"
        "Direkte Emissionen (Scope 1)\t12.345,6\t13.000,1\n"
        "Indirekte energiebedingte Emissionen (Scope 2), standortbasiert\t9.876\t9.990\n"
        "Scope-2-THG-Bruttoemissionen (marktbezogen)\t4.321\t5.000\n"
        "Sonstige indirekte Emissionen (Scope 3)\t1.234.567\t1.300.000\n\n"
        "^\tEinheit\t2023\tVeränderung\n"
        "Gesamtenergieverbrauch\tMWh\t45.678\t-3 %\n"
        "Wasserentnahme insgesamt\tm3\t8.765\t2 %\n"
        "Abfallaufkommen gesamt\tTonnen\t987,5\t1 %\n"
        "Anzahl der Mitarbeitenden\tPersonen\t3.456\t4 %\n"
        "Frauenanteil in Führungspositionen\tProzent\t27,3\t1 %\n"
        "Frauenanteil im Aufsichtsrat\t%\t33,3\t0 %\n"
        "LTIFR (je 1 Mio. geleisteter Arbeitsstunden)\t\t2,4\t0 %"
    ),
    "it": (
        "^Emissioni di gas a effetto serra (tonnellate di CO2 equivalente)\tEsercizio 2023\tEsercizio 2022\n"
        "Emissioni dirette di GHG (Scope 1)\t12.345,6\t13.000,1\n"
        "Emissioni indirette da consumi energetici (Scope 2) - location based\t9.876\t9.990\n"
        "Emissioni indirette da consumi energetici (Scope 2) - basate sul mercato\t4.321\t5.000\n"
        "Altre emissioni indirette (Scope 3)\t1.234.567\t1.300.000\n\n"
        "^\tUnità di misura\t2023\tVariazione\n"
        "Consumo totale di energia\tMWh\t45.678\t-3%\n"
        "Prelievo idrico totale\tm3\t8.765\t2%\n"
        "Totale rifiuti prodotti\ttonnellate\t987,5\t1%\n"
        "Numero totale di dipendenti\tn.\t3.456\t4%\n"
        "Percentuale di donne in posizioni manageriali\t%\t27,3\t1%\n"
        "Percentuale di donne nel consiglio di amministrazione\t%\t33,3\t0%\n"
        "LTIFR (per milione di ore lavorate)\t\t2,4\t0%"
    ),
    "fr": (
        "^Émissions de GES (en tonnes équivalent CO2)\tExercice 2023\tExercice 2022\n"
        "Émissions directes de GES (scope 1)\t12 345,6\t13 000,1\n"
        "Émissions indirectes liées à l'énergie (scope 2), location-based\t9 876\t9 990\n"
        "Émissions brutes de GES de scope 2 fondées sur le marché\t4 321\t5 000\n"
        "Autres émissions indirectes (scope 3)\t1 234 567\t1 300 000\n\n"
        "^\tUnité\t2023\tÉvolution\n"
        "Consommation totale d'énergie\tMWh\t45 678\t-3 %\n"
        "Prélèvements totaux d'eau\tm3\t8 765\t2 %\n"
        "Quantité totale de déchets générés\ttonnes\t987,5\t1 %\n"
        "Effectif total\tnombre\t3 456\t4 %\n"
        "Part des femmes dans l'encadrement\t%\t27,3\t1 %\n"
        "Part des femmes au conseil d'administration\t%\t33,3\t0 %\n"
        "Taux de fréquence des accidents du travail avec arrêt\t\t2,4\t0 %"
    ),
    "es": (
        "^Emisiones de GEI (toneladas de CO2 equivalente)\tEjercicio 2023\tEjercicio 2022\n"
        "Emisiones directas (alcance 1)\t12.345,6\t13.000,1\n"
        "Emisiones indirectas de energía (alcance 2), basadas en la ubicación\t9.876\t9.990\n"
        "Emisiones brutas de GEI de alcance 2 basadas en el mercado\t4.321\t5.000\n"
        "Otras emisiones indirectas (alcance 3)\t1.234.567\t1.300.000\n\n"
        "^\tUnidad\t2023\tVariación\n"
        "Consumo total de energía\tMWh\t45.678\t-3%\n"
        "Captación total de agua\tm3\t8.765\t2%\n"
        "Total de residuos generados\ttoneladas\t987,5\t1%\n"
        "Número total de empleados\tpersonas\t3.456\t4%\n"
        "Porcentaje de mujeres en puestos directivos\t%\t27,3\t1%\n"
        "Porcentaje de mujeres en el consejo de administración\t%\t33,3\t0%\n"
        "Índice de frecuencia de accidentes con baja\t\t2,4\t0%"
    ),
    "sv": (
        "^Växthusgasutsläpp (ton CO2-ekvivalenter)\tRäkenskapsåret 2023\tRäkenskapsåret 2022\n"
        "Direkta utsläpp (scope 1)\t12 345,6\t13 000,1\n"
        "Indirekta utsläpp från energi (scope 2), platsbaserade\t9 876\t9 990\n"
        "Bruttoväxthusgasutsläpp inom scope 2, marknadsbaserat\t4 321\t5 000\n"
        "Övriga indirekta utsläpp (scope 3)\t1 234 567\t1 300 000\n\n"
        "^\tEnhet\t2023\tFörändring\n"
        "Total energianvändning\tMWh\t45 678\t-3 %\n"
        "Totalt vattenuttag\tm3\t8 765\t2 %\n"
        "Total mängd avfall\tton\t987,5\t1 %\n"
        "Antal anställda\tpersoner\t3 456\t4 %\n"
        "Andel kvinnliga chefer\tprocent\t27,3\t1 %\n"
        "Andel kvinnor i styrelsen\t%\t33,3\t0 %\n"
        "LTIFR (per miljon arbetade timmar)\t\t2,4\t0 %"
    ),
    "id": (
        "^Emisi GRK (ton setara CO2)\tTahun 2023\tTahun 2022\n"
        "Emisi GRK langsung (Cakupan 1)\t12.345,6\t13.000,1\n"
        "Emisi GRK tidak langsung dari energi (Cakupan 2), berbasis lokasi\t9.876\t9.990\n"
        "Emisi energi GRK tidak langsung (Cakupan 2) berbasis pasar\t4.321\t5.000\n"
        "Emisi GRK tidak langsung lainnya (Cakupan 3)\t1.234.567\t1.300.000\n\n"
        "^\tSatuan\t2023\tPerubahan\n"
        "Total konsumsi energi\tMWh\t45.678\t-3%\n"
        "Total pengambilan air\tm3\t8.765\t2%\n"
        "Total limbah yang dihasilkan\tton\t987,5\t1%\n"
        "Jumlah karyawan\torang\t3.456\t4%\n"
        "Persentase perempuan dalam posisi manajerial\t%\t27,3\t1%\n"
        "LTIFR (per juta jam kerja)\t\t2,4\t0%"
    ),
    "zh": (
        "^溫室氣體排放量（公噸CO2e）\t民國112年\t民國111年\n"
        "直接溫室氣體排放（範疇一）\t12,345.6\t13,000.1\n"
        "能源間接溫室氣體排放（範疇二），地點基礎\t9,876\t9,990\n"
        "能源間接溫室氣體排放（範疇二），市場基礎\t4,321\t5,000\n"
        "其他間接溫室氣體排放（範疇三）\t1,234,567\t1,300,000\n\n"
        "^項目\t單位\t2023年度\t變化\n"
        "能源消耗總量\t千度\t45,678\t-3%\n"
        "總取水量\t立方公尺\t8,765\t2%\n"
        "廢棄物總量\t公噸\t９８７．５\t1%\n"
        "員工總人數\t人\t3,456\t4%\n"
        "女性主管比例\t%\t27.3\t1%\n"
        "女性董事比例\t%\t33.3\t0%\n"
        "失能傷害頻率（每百萬工時）\t\t2.4\t0%"
    ),
}
FIGURES = {
    ("scope1", 2023): 12345.6,
    ("scope1", 2022): 13000.1,
    ("scope2_location", 2023): 9876,
    ("scope2_location", 2022): 9990,
    ("scope2_market", 2023): 4321,
    ("scope2_market", 2022): 5000,
    ("scope3", 2023): 1234567,
    ("scope3", 2022): 1300000,
    ("energy_consumption", 2023): 45678,
    ("water_withdrawal", 2023): 8765,
    ("waste_total", 2023): 987.5,
    ("employees", 2023): 3456,
    ("women_in_management_share", 2023): 27.3,
    ("board_women_share", 2023): 33.3,
    ("ltifr", 2023): 2.4,
}


@pytest.mark.parametrize("language", TABLES)
def test_a_table_of_the_usual_figures(read, language):
    figures = dict(FIGURES)
    if language == "id":  # its companies have a board of commissioners and one of directors
        del figures["board_women_share", 2023]

    assert values(read(TABLES[language], language)) == figures


SENTENCES = [
    (
        "de",
        "Die Scope-1-Emissionen beliefen sich im Geschäftsjahr 2023 auf 12.345 Tonnen CO2e "
        "(Vorjahr: 13.000).",
        {("scope1", 2023): 12345, ("scope1", 2022): 13000},
    ),
    (
        "de",
        "Unsere direkten Emissionen (Scope 1) lagen 2023 bei 12,3 Tsd. t CO2-Äquivalenten.",
        {("scope1", 2023): 12300},
    ),
    (
        "de",
        "Die marktbasierten Scope-2-Emissionen betrugen 4.321 t CO2e, die standortbasierten "
        "Scope-2-Emissionen 9.876 t CO2e.",
        {("scope2_market", 2023): 4321, ("scope2_location", 2023): 9876},
    ),
    ("de", "Der Gesamtenergieverbrauch lag 2023 bei 1,2 Mio. kWh.", {("energy_consumption", 2023): 1200}),
    ("de", "Zum 31. Dezember 2023 beschäftigte der Konzern 3.456 Mitarbeiter.", {("employees", 2023): 3456}),
    (
        "de",
        "Der Frauenanteil in Führungspositionen lag bei 27,3 %.",
        {("women_in_management_share", 2023): 27.3},
    ),
    ("de", "Der Frauenanteil im Aufsichtsrat beträgt 33,3 Prozent.", {("board_women_share", 2023): 33.3}),
    (
        "it",
        "Le emissioni di Scope 1 sono state pari a 12.345 tonnellate di CO2 equivalente nel 2023 "
        "(13.000 tonnellate nel 2022).",
        {("scope1", 2023): 12345},
    ),
    ("it", "Al 31 dicembre 2023 il Gruppo contava 3.456 dipendenti.", {("employees", 2023): 3456}),
    (
        "it",
        "Il consumo totale di energia è stato pari a 45,6 migliaia di MWh nel 2023.",
        {("energy_consumption", 2023): 45600},
    ),
    (
        "fr",
        "Les émissions de scope 1 se sont élevées à 12 345 tonnes équivalent CO2 en 2023.",
        {("scope1", 2023): 12345},
    ),
    (
        "fr",
        "En 2023, la consommation totale d’énergie était de 1,2 million de MWh.",
        {("energy_consumption", 2023): 1200000},
    ),
    ("fr", "Le Groupe employait 3 456 salariés au 31 décembre 2023.", {("employees", 2023): 3456}),
    (
        "fr",
        "Le taux de fréquence des accidents du travail avec arrêt était de 2,4 en 2023.",
        {("ltifr", 2023): 2.4},
    ),
    (
        "es",
        "En 2023 las emisiones de alcance 1 ascendieron a 12.345,6 toneladas de CO2 equivalente.",
        {("scope1", 2023): 12345.6},
    ),
    ("es", "A 31 de diciembre de 2023 el Grupo contaba con 3.456 empleados.", {("employees", 2023): 3456}),
    (
        "es",
        "El consumo total de energía fue de 45,6 miles de MWh en 2023.",
        {("energy_consumption", 2023): 45600},
    ),
    ("sv", "Utsläppen i scope 1 uppgick till 12 345 ton CO2e under 2023.", {("scope1", 2023): 12345}),
    ("sv", "Koncernen hade 3 456 anställda vid slutet av 2023.", {("employees", 2023): 3456}),
    (
        "sv",
        "Den totala energianvändningen uppgick till 45,6 GWh under räkenskapsåret 2023.",
        {("energy_consumption", 2023): 45600},
    ),
    (
        "id",
        "Pada tahun 2023, emisi Cakupan 1 mencapai 12,3 ribu ton CO2eq.",
        {("scope1", 2023): 12300},
    ),
    ("id", "Perusahaan mempekerjakan 3.456 karyawan pada tahun 2023.", {("employees", 2023): 3456}),
    (
        "id",
        "Total konsumsi energi tahun 2023 tercatat sebesar 45.678 MWh.",
        {("energy_consumption", 2023): 45678},
    ),
    ("zh", "2023年範疇一排放量為12,345公噸CO2e。", {("scope1", 2023): 12345}),
    ("zh", "民國112年範疇一排放量為1.2萬公噸二氧化碳當量。", {("scope1", 2023): 12000}),
    ("zh", "２０２３年範疇一排放量為１萬２，３４５公噸CO2e。", {("scope1", 2023): 12345}),
    ("zh", "2023年能源总消耗量为4,567.8万千瓦时。", {("energy_consumption", 2023): 45678}),
    ("zh", "2023年底，本集團員工總人數為3,456人。", {("employees", 2023): 3456}),
    ("zh", "2023年范围二排放量（基于市场）为4,321吨二氧化碳当量。", {("scope2_market", 2023): 4321}),
]


@pytest.mark.parametrize(("language", "text", "figures"), SENTENCES)
def test_a_sentence(read, language, text, figures):
    assert values(read(text, language)) == figures


LEFT_OUT = [
    ("de", "Bis 2030 wollen wir die Scope-1-Emissionen auf 1.000 t CO2e senken."),
    ("de", "Die Scope-1-Emissionen unseres Fuhrparks betrugen 2023 1.200 t CO2e."),
    ("de", "Die Scope-1-Emissionen sanken um 1.200 t CO2e."),
    ("de", "Die Scope-1-Emissionen betrugen 12,3 Billionen Tonnen CO2e."),
    ("de", "Der Frauenanteil in Führungspositionen soll bis 2030 auf 30 % steigen."),
    ("de", "Im Jahr 2023 haben 1.200 Mitarbeiter an Schulungen teilgenommen."),
    ("it", "Le emissioni Scope 1 dei fornitori sono state pari a 12.345 tonnellate di CO2."),
    ("it", "Nel 2023 un totale di 12 risorse ha usufruito del congedo."),
    ("fr", "Les émissions évitées s'élèvent à 12 345 tonnes équivalent CO2."),
    ("fr", "Les émissions de scope 1 170 000 tonnes équivalent CO2 en 2023."),
    ("es", "Nuestro objetivo es reducir las emisiones de alcance 1 a 1.000 toneladas de CO2 en 2030."),
    ("es", "Las emisiones de alcance 1 fueron de 12.345 toneladas de CO2 en 2023."),  # or of 12 and a third
    ("es", "La plantilla de la filial en Francia era de 345 empleados."),
    ("es", "Las emisiones de alcance 1 se redujeron en 238,5 tCO2e respecto a 2022."),
    ("sv", "Utsläppen i scope 1 minskade med 238 ton CO2e under 2023."),
    ("id", "Emisi Cakupan 1 turun sebesar 238,5 ton CO2eq pada tahun 2023."),
    ("id", "Kantor cabang mempekerjakan 345 karyawan."),
    ("fr", "Les émissions de scope 1 ont diminué de 238 tonnes équivalent CO2 en 2023."),
    ("it", "Le emissioni Scope 1 sono diminuite di 238,5 tonnellate di CO2 nel 2023."),
    ("zh", "2023年範疇一排放量減少1,200公噸CO2e。"),
    ("zh", "2023年範疇一排放量下降約 1,200 公噸CO2e。"),
    ("zh", "2023年上半年範疇一排放量為2,000公噸CO2e。"),
    ("sv", "Utsläppen i scope 1 per anställd uppgick till 12 ton CO2e."),
    ("sv", "Vårt mål är att utsläppen i scope 1 uppgår till 1 000 ton CO2e."),
    ("id", "Target emisi Cakupan 1 adalah 1.000 ton CO2eq."),
    ("zh", "2030年範疇一排放量目標為1,000公噸CO2e。"),
    ("zh", "2023年範疇一排放量較2022年減少1,200公噸CO2e。"),
    ("zh", "2023年範疇一排放強度為1.2公噸CO2e／百萬元。"),
    ("zh", "2023年供應商範疇一排放量為1,200公噸CO2e。"),
]


@pytest.mark.parametrize(("language", "text"), LEFT_OUT)
def test_what_is_another_figure_is_left_out(read, language, text):
    assert values(read(text, language)) == {}


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        ("zh", "^單位：萬噸CO2e\t2023年\n範疇一\t12.3", {("scope1", 2023): 123000}),
        ("zh", "^\t2023年\n能源總消耗量（萬度）\t1.5", {("energy_consumption", 2023): 15}),
        ("zh", "^\t2023年\n能源消耗總量\t1億2,000萬度", {("energy_consumption", 2023): 120000}),
        ("zh", "^公噸CO2e\t2023年\n範疇一\t1萬5千", {}),
        ("zh", "^（萬人）\t2023年\n員工總人數\t1.5", {}),
        ("zh", "^\t2023年\n總用水量\t1,234度", {}),  # a degree of water is a cubic metre, one of power a kWh
        ("zh", "^公噸CO2e\t二零二三年\n範疇一\t12.3", {("scope1", 2023): 12.3}),
        ("de", "^GJ 2023\nEnergieverbrauch\t1.234,5", {}),  # the year, not gigajoules
        ("de", "^\tGJ 2023\nEnergieverbrauch (MWh)\t1.234,5", {("energy_consumption", 2023): 1234.5}),
        ("de", "^in Mio. t CO2e\t2023\nScope 1\t1,5", {("scope1", 2023): 1500000}),
        ("de", "^in 1.000 t CO2e\t2023\nScope 1\t1,5", {("scope1", 2023): 1500}),
        ("de", "^in t CO2e\t2023\nScope 1\t1’234.5", {("scope1", 2023): 1234.5}),
        ("it", "^migliaia di tonnellate di CO2\t2023\nScope 1\t12,3", {("scope1", 2023): 12300}),
        ("it", "^tonnellate di CO2 per dipendente\t2023\nScope 1\t12,3", {("ghg_intensity", 2023): 12.3}),
        ("fr", "^en milliers de tonnes équivalent CO2\t2023\nScope 1\t12,3", {("scope1", 2023): 12300}),
        ("fr", "^ktéqCO2\t2023\nScope 1\t12,3", {("scope1", 2023): 12300}),
        ("es", "^miles de toneladas de CO2\t2023\nAlcance 1\t12,3", {("scope1", 2023): 12300}),
        ("sv", "^tusen ton CO2e\t2023\nScope 1\t12,3", {("scope1", 2023): 12300}),
        ("id", "^ribu ton CO2e\t2023\nCakupan 1\t12,3", {("scope1", 2023): 12300}),
        ("id", "^\t2023\nTotal konsumsi energi (kWh atau J)\t12.345.678", {}),
        ("de", "^t CO2e\t1. Halbjahr 2023\nScope 1\t12,3", {}),
        ("de", "^t CO2e\t2023\tZiel 2030\nScope 1\t12,3\t5,0", {("scope1", 2023): 12.3}),
        ("de", "# Standort Nirgendheim\n\n^t CO2e\t2023\nWerk A\n^\t2023\nScope 1\t12,3", {}),
    ],
)
def test_a_trap_of_units_years_and_numbers(read, language, text, figures):
    assert values(read(text, language)) == figures


def test_an_english_table_on_a_page_in_another_language(read):
    kpis = read(
        "Die Tabelle zeigt unsere Emissionen.\n\n^tCO2e\t2023\t2022\nScope 1 emissions\t1,234.5\t1,300.5",
        "de",
    )

    assert values(kpis) == {("scope1", 2023): 1234.5, ("scope1", 2022): 1300.5}


def test_what_is_told_is_what_the_page_prints(read, make_page):
    text = "^單位：公噸CO2e\t民國112年\n直接溫室氣體排放（範疇一）\t１２，３４５"
    kpi = read(text, "zh")[0]

    assert (kpi.raw_value, kpi.raw_unit, kpi.period) == ("１２，３４５", "公噸CO2e", "民國112年")
    assert kpi.quote == "直接溫室氣體排放（範疇一）\t１２，３４５"
    assert kpi.quote == make_page(text).text[kpi.start : kpi.end]


def test_a_quote_is_no_longer_than_allowed_where_the_original_has_more_words(read):
    words = " ".join(["di gas a effetto serra e di gas a effetto serra"] * 4)
    kpis = read(f"Le emissioni {words} di Scope 1 sono state pari a 12.345 t CO2 nel 2023.", "it")

    assert values(kpis) == {("scope1", 2023): 12345}
    assert all(len(k.quote.split()) <= 30 and "12.345" in k.quote for k in kpis)


def test_a_page_of_figures_is_in_the_document_s_language(make_page, make_document):
    page = make_page("^Einheit: t CO2e\t2023\nScope-1-Emissionen\t1.234,5", language="")
    document = replace(make_document(year=2023), language="de")

    assert values(read_kpis(document, [page])) == {("scope1", 2023): 1234.5}


def test_each_language_of_a_document_writes_figures_its_own_way(make_page, make_document):
    english = make_page(
        "Revenue was 1,234.5 and 2,345.6 and 3,456.7 million.\n\n^tCO2e\t2023\nScope 3\t6.032", 1
    )
    german = make_page("Der Umsatz betrug 1.234,5.\n\n^t CO2e\t2023\nScope 1\t6.032", 2, language="de")

    assert values(read_kpis(make_document(year=2023), [english, german])) == {
        ("scope3", 2023): 6.032,
        ("scope1", 2023): 6032,
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "de",
            "~ Scope 3\n\n^t CO2e\t2023\nEingekaufte Waren und Dienstleistungen\t100,5\nGeschäftsreisen\t6,5",
        ),
        ("it", "~ Scope 3\n\n^t CO2e\t2023\nBeni e servizi acquistati\t100,5\nViaggi di lavoro\t6,5"),
        (
            "fr",
            "~ Scope 3\n\n^tCO2e\t2023\nAchats de biens et services\t100,5\nDéplacements professionnels\t6,5",
        ),
        ("es", "~ Alcance 3\n\n^t CO2e\t2023\nBienes y servicios adquiridos\t100,5\nViajes de negocios\t6,5"),
        ("sv", "~ Scope 3\n\n^ton CO2e\t2023\nInköpta varor och tjänster\t100,5\nTjänsteresor\t6,5"),
        ("id", "~ Cakupan 3\n\n^ton CO2e\t2023\nPembelian Barang dan Jasa\t100,5\nPerjalanan dinas\t6,5"),
        ("zh", "~ 範疇三\n\n^公噸CO2e\t2023年\n採購商品與服務\t100.5\n商務差旅\t6.5"),
    ],
)
def test_categories_of_scope_3(read, language, text):
    assert values(read(text, language)) == {("scope3_cat1", 2023): 100.5, ("scope3_cat6", 2023): 6.5}


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        (
            "de",
            "~ Tabelle 3.1\n\n^in t CO2e\tGeschäftsjahr 2022/23\tVeränderung\nScope 1\t4.512\t-5,0\n"
            "davon Erdgas\t3.000\t-3,2\ndavon Kategorie 3.1 Einkauf\t1.000\t-1,0",
            {("scope1", 2023): 4512},
        ),
        (
            "it",
            "^Emissioni (tCO2e)\t2022\t2023\nScope 2 – Location based\t2.370\t2.203\n"
            "Scope 2 – Market based\t1.370\t1.203",
            {
                ("scope2_location", 2023): 2203,
                ("scope2_location", 2022): 2370,
                ("scope2_market", 2023): 1203,
                ("scope2_market", 2022): 1370,
            },
        ),
        (
            "zh",
            "^环境指标\t单位\t二零二三年\n温室气体排放密度\t吨二氧化碳当量／百万元\t1.2\n能源总耗量\t兆瓦时\t45,678\n"
            "无害废弃物总量\t吨\t1,234",
            {("energy_consumption", 2023): 45678},
        ),
        (
            "de",
            "^Bereich\tDeutschland\tKonzern\nScope 1 in t CO2e 2023\t1.000,5\t1.501,0",
            {("scope1", 2023): 1501},
        ),
        (
            "de",
            "^Konzern\t2023\nMitarbeiter\t3.456\nMitarbeiter (Deutschland)\t2.000",
            {("employees", 2023): 3456},
        ),
    ],
)
def test_a_table_as_reports_print_it(read, language, text, figures):
    assert values(read(text, language)) == figures


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        ("de", "2023 fielen insgesamt 1.234 Tonnen Abfall an.", {("waste_total", 2023): 1234}),
        (
            "de",
            "Zum Jahresende 2023 waren 3.456 Mitarbeitende im Konzern beschäftigt (Vorjahr: 3.321).",
            {("employees", 2023): 3456, ("employees", 2022): 3321},
        ),
        (
            "es",
            "Las mujeres ocupan el 27,3% de los puestos directivos.",
            {("women_in_management_share", 2023): 27.3},
        ),
        (
            "sv",
            "Under 2023 uppgick koncernens utsläpp i scope 1 till 4 512 ton CO2e.",
            {("scope1", 2023): 4512},
        ),
        ("zh", "2023年底員工總數為3,456人，其中女性1,234人。", {("employees", 2023): 3456}),
        (
            "zh",
            "2023年範疇一為4,512公噸CO2e，範疇二為1,203公噸CO2e。",
            {("scope1", 2023): 4512, ("scope2_unspecified", 2023): 1203},
        ),
    ],
)
def test_the_order_of_words_is_the_language_s_own(read, language, text, figures):
    assert values(read(text, language)) == figures


def test_a_page_in_another_language_than_the_document_may_write_figures_either_way(make_page, make_document):
    german = make_page("Der Umsatz stieg.\n\n^t CO2e\t2023\nScope 1\t6.032\nScope 3\t6,032", 1, language="de")

    assert read_kpis(make_document(year=2023), [german]) == []
