"""Row labels in other languages: which figure they name whole, and which name a smaller one."""

import pytest

from esg.kpi import lexicon, periods, units
from esg.kpi.translate import translate

WHOLE = {
    "de": {
        "scope1": [
            "Scope 1",
            "Scope-1-Emissionen",
            "Direkte THG-Emissionen (Scope 1)",
            "Scope-1-THG-Bruttoemissionen (in t CO2e)",
            "Direkte CO2-Emissionen (Scope 1) in Tonnen",
            "Treibhausgasemissionen Scope 1",
            "Scope 1 (direkte Emissionen)",
            "Bruttovolumen der direkten THG-Emissionen (Scope 1) [t CO2e]",
        ],
        "scope2": [
            "Scope-2-Emissionen (marktbasiert)",
            "Standortbezogene Scope-2-THG-Bruttoemissionen",
            "Indirekte THG-Emissionen aus eingekaufter Energie (Scope 2)",
            "Energiebedingte indirekte THG-Emissionen (Scope 2)",
        ],
        "scope3": [
            "Gesamte indirekte (Scope-3-)THG-Bruttoemissionen",
            "Sonstige indirekte THG-Emissionen (Scope 3)",
            "Scope 3 gesamt",
        ],
        "scope1_2": ["Scope 1 und 2", "Summe Scope 1 + 2", "THG-Emissionen (Scope 1 und Scope 2)"],
        "total_ghg": [
            "THG-Emissionen insgesamt (marktbezogen)",
            "Treibhausgasemissionen gesamt",
            "CO2-Emissionen gesamt",
            "Gesamte THG-Emissionen (Scope 1, 2 und 3)",
            "Summe der THG-Emissionen",
        ],
        "energy_consumption": [
            "Gesamtenergieverbrauch",
            "Energieverbrauch gesamt",
            "Energieverbrauch innerhalb der Organisation",
            "Energieverbrauch (MWh)",
            "Gesamter Energieverbrauch",
        ],
        "water_withdrawal": ["Wasserentnahme", "Wasserverbrauch gesamt", "Gesamte Wasserentnahme in m³"],
        "waste_total": ["Gesamtabfallaufkommen", "Abfall gesamt", "Abfallaufkommen in t"],
        "employees": [
            "Mitarbeiter",
            "Anzahl Mitarbeitende",
            "Mitarbeiterinnen und Mitarbeiter gesamt",
            "Mitarbeiter:innen zum 31. Dezember",
            "Beschäftigte (Köpfe)",
            "Gesamtzahl der Beschäftigten",
        ],
        "women_in_management_share": [
            "Frauenanteil in Führungspositionen (%)",
            "Anteil Frauen in Führungspositionen",
            "Frauen in Führungspositionen in %",
            "Anteil weiblicher Führungskräfte",
        ],
        "board_women_share": ["Frauenanteil im Aufsichtsrat", "Anteil Frauen im Aufsichtsrat in %"],
        "renewable_electricity_share": ["Ökostromanteil", "Anteil Strom aus erneuerbaren Energien in %"],
        "renewable_energy": ["Energieverbrauch aus erneuerbaren Quellen", "Erneuerbare Energien"],
        "ltifr": ["LTIFR"],
    },
    "it": {
        "scope1": [
            "Emissioni dirette (Scope 1)",
            "Totale emissioni Scope 1",
            "Emissioni lorde di GES di ambito 1 (tCO2eq)",
            "Emissioni dirette di gas ad effetto serra (Scope 1)",
        ],
        "scope2": [
            "Emissioni indirette (Scope 2) - Market based",
            "Emissioni Scope 2 location-based",
            "Emissioni indirette da consumo energetico (Scope 2)",
            "Emissioni lorde di GES di ambito 2 basate sulla posizione",
        ],
        "scope3": ["Altre emissioni indirette di GHG (Scope 3)", "Totale Scope 3"],
        "scope1_2": ["Totale Scope 1 e 2", "Emissioni totali (Scope 1 + Scope 2)"],
        "total_ghg": [
            "Emissioni totali di GHG",
            "Totale emissioni di CO2",
            "Totale emissioni (Scope 1, 2 e 3)",
        ],
        "energy_consumption": [
            "Consumo totale di energia",
            "Totale consumi energetici",
            "Consumi energetici totali (MWh)",
            "Energia totale consumata",
        ],
        "water_withdrawal": [
            "Prelievo idrico totale",
            "Totale prelievi idrici (m3)",
            "Consumi idrici totali",
        ],
        "waste_total": ["Totale rifiuti prodotti", "Rifiuti totali", "Totale rifiuti (t)"],
        "employees": [
            "Numero totale dipendenti",
            "Totale dipendenti",
            "Dipendenti al 31 dicembre",
            "Organico totale",
        ],
        "women_in_management_share": ["Donne in posizioni manageriali (%)", "Percentuale di donne dirigenti"],
        "board_women_share": ["Percentuale di donne nel CdA", "Donne nel Consiglio di Amministrazione (%)"],
    },
    "fr": {
        "scope1": [
            "Émissions directes de GES (scope 1)",
            "Scope 1 (tCO2eq)",
            "Émissions du scope 1",
            "Émissions brutes de GES de scope 1 (teqCO2)",
        ],
        "scope2": [
            "Émissions indirectes liées à l'énergie (scope 2)",
            "Scope 2 – market-based",
            "Émissions brutes de GES de scope 2 fondées sur la localisation (teqCO2)",
            "Émissions indirectes (Scope 2)",
        ],
        "scope3": ["Autres émissions indirectes (scope 3)", "Total scope 3"],
        "scope1_2": ["Scopes 1 et 2", "Total scopes 1 et 2", "Émissions de GES scopes 1 + 2"],
        "total_ghg": [
            "Émissions totales de GES",
            "Total des émissions de GES (scopes 1, 2 et 3)",
            "Total émissions GES",
            "Émissions totales de GES (fondées sur le marché)",
        ],
        "energy_consumption": [
            "Consommation totale d'énergie",
            "Consommation d'énergie",
            "Consommations énergétiques totales (MWh)",
        ],
        "water_withdrawal": ["Prélèvements d'eau", "Consommation d'eau (m3)", "Prélèvement total d'eau"],
        "waste_total": ["Quantité totale de déchets", "Déchets générés (t)", "Total des déchets"],
        "employees": ["Effectif total", "Effectifs", "Nombre de salariés", "Effectif au 31 décembre"],
        "women_in_management_share": ["Part des femmes parmi les cadres dirigeants", "Femmes managers (%)"],
        "board_women_share": [
            "Part de femmes au conseil d'administration",
            "Femmes au Conseil d'administration (%)",
        ],
        "ltifr": ["Taux de fréquence des accidents avec arrêt"],
    },
    "es": {
        "scope1": ["Alcance 1", "Emisiones directas de GEI (alcance 1)", "Emisiones de alcance 1 (tCO2eq)"],
        "scope2": [
            "Emisiones indirectas (Alcance 2) - market based",
            "Alcance 2 (basado en la ubicación)",
            "Emisiones indirectas por consumo de electricidad (alcance 2)",
        ],
        "scope3": ["Otras emisiones indirectas (alcance 3)", "Total alcance 3"],
        "scope1_2": ["Alcances 1 y 2", "Emisiones de alcance 1 y 2"],
        "total_ghg": [
            "Emisiones totales de GEI",
            "Total emisiones (alcance 1, 2 y 3)",
            "Total emisiones de CO2",
        ],
        "energy_consumption": [
            "Consumo de energía",
            "Consumo energético total",
            "Consumo total de energía (GJ)",
        ],
        "water_withdrawal": ["Consumo de agua", "Captación total de agua", "Agua captada (m3)"],
        "waste_total": ["Residuos generados", "Total de residuos (t)"],
        "employees": ["Plantilla", "Número de empleados", "Total empleados", "Plantilla a 31 de diciembre"],
        "women_in_management_share": [
            "Mujeres en puestos directivos (%)",
            "% de mujeres en cargos de dirección",
        ],
        "board_women_share": ["Mujeres en el Consejo de Administración (%)"],
    },
    "sv": {
        "scope1": [
            "Scope 1",
            "Direkta utsläpp (scope 1)",
            "Utsläpp scope 1, ton CO2e",
            "Växthusgasutsläpp i scope 1",
        ],
        "scope2": ["Indirekta utsläpp (scope 2), marknadsbaserad metod", "Scope 2 – platsbaserad"],
        "scope3": ["Övriga indirekta utsläpp (scope 3)", "Totalt scope 3"],
        "scope1_2": ["Scope 1 och 2", "Summa scope 1 och 2"],
        "total_ghg": [
            "Totala växthusgasutsläpp",
            "Totala utsläpp, scope 1, 2 och 3",
            "Totala utsläpp av växthusgaser",
        ],
        "energy_consumption": [
            "Energianvändning",
            "Total energiförbrukning (MWh)",
            "Energianvändning inom organisationen",
        ],
        "water_withdrawal": ["Vattenförbrukning", "Totalt vattenuttag, m3"],
        "waste_total": ["Total mängd avfall", "Avfall totalt (ton)"],
        "employees": ["Antal anställda", "Antal medarbetare", "Totalt antal anställda"],
        "women_in_management_share": ["Andel kvinnliga chefer, %", "Andel kvinnor i ledande befattningar"],
        "board_women_share": ["Andel kvinnor i styrelsen, %", "Kvinnor i styrelsen (%)"],
    },
    "id": {
        "scope1": [
            "Cakupan 1",
            "Emisi Cakupan 1",
            "Emisi langsung (Scope 1)",
            "Total Emisi GRK Langsung (Cakupan 1)",
        ],
        "scope2": ["Emisi tidak langsung (Scope 2)", "Emisi energi tidak langsung (Cakupan 2)"],
        "scope3": ["Emisi tidak langsung lainnya (Cakupan 3)"],
        "scope1_2": ["Total Emisi GRK (Cakupan 1 dan 2)"],
        "total_ghg": ["Total Emisi GRK (Cakupan 1, 2, dan 3)", "Jumlah Emisi GRK"],
        "energy_consumption": ["Total konsumsi energi", "Jumlah penggunaan energi", "Konsumsi energi"],
        "water_withdrawal": ["Konsumsi air", "Total penggunaan air (m3)"],
        "waste_total": ["Total limbah", "Jumlah limbah yang dihasilkan (ton)"],
        "employees": ["Jumlah karyawan", "Total pegawai", "Jumlah pekerja"],
    },
    "zh": {
        "scope1": ["範疇一", "范围一排放量", "範疇 1", "直接溫室氣體排放量（範疇一）", "范围1：直接排放"],
        "scope2": [
            "範疇二（市場別）",
            "范围二排放量",
            "能源間接排放（範疇二）",
            "间接温室气体排放（范围二）",
        ],
        "scope3": ["範疇三", "其他間接排放（範疇三）"],
        "scope1_2": ["範疇一+二排放總量", "範疇一及範疇二", "范围一和范围二排放总量", "範疇一、二合計"],
        "total_ghg": ["溫室氣體排放總量", "温室气体排放总量（吨二氧化碳当量）", "總排放量（範疇一、二及三）"],
        "energy_consumption": ["能源消耗總量", "總能源使用量（MWh）", "综合能源消耗总量", "能源總消耗量"],
        "water_withdrawal": ["總用水量", "取水量", "耗水总量（立方米）"],
        "waste_total": ["廢棄物總量", "废弃物产生总量", "廢棄物產生量（公噸）"],
        "employees": ["員工總人數", "员工总数", "全體員工人數"],
        "women_in_management_share": ["女性主管比例", "女性管理人员占比"],
        "board_women_share": ["女性董事占比", "女性董事比例（%）"],
        "ltifr": ["失能傷害頻率(FR)"],
    },
}

SMALLER = {
    "de": [
        "Scope-1-Emissionen des Fuhrparks",
        "Scope-1-Emissionen aus Erdgas",
        "THG-Intensität (Scope 1 und 2)",
        "Stromverbrauch",
        "Energieverbrauch pro Mitarbeiter",
        "Anteil erneuerbarer Energien",
        "Gefährliche Abfälle",
        "Teilzeitbeschäftigte",
        "Neu eingestellte Mitarbeiter",
        "Frauenanteil",
        "Frauenanteil im Vorstand",
        "Wasserverbrauch je Tonne",
        "Reduktion der Scope-1-Emissionen",
        "Fluktuation der Mitarbeiter",
    ],
    "it": [
        "Intensità delle emissioni Scope 1",
        "Emissioni Scope 1 da gas naturale",
        "Consumo di energia elettrica",
        "Consumo di energia per dipendente",
        "Rifiuti pericolosi",
        "Dipendenti a tempo indeterminato",
        "Donne",
        "Emissioni Scope 1 evitate",
    ],
    "fr": [
        "Intensité des émissions de scope 1",
        "Émissions scope 1 par salarié",
        "Consommation d'électricité",
        "Déchets dangereux",
        "Effectif CDI",
        "Part des femmes",
        "Part des femmes au comité exécutif",
        "Émissions évitées (scope 1)",
        "Consommation d'énergie renouvelable (%)",
    ],
    "es": [
        "Intensidad de emisiones (alcance 1)",
        "Consumo de electricidad",
        "Residuos peligrosos",
        "Empleados con contrato indefinido",
        "Consumo de agua por empleado",
        "Mujeres en plantilla",
    ],
    "sv": [
        "Utsläpp i scope 1 per anställd",
        "Farligt avfall",
        "Elanvändning",
        "Energiintensitet",
        "Andel kvinnor",
    ],
    "id": [
        "Intensitas emisi GRK",
        "Limbah B3",
        "Konsumsi energi listrik",
        "Jumlah pegawai baru",
        "Karyawan kontrak",
    ],
    "zh": [
        "範疇一排放強度",
        "用電量",
        "有害廢棄物",
        "人均用水量",
        "再生能源使用比例",
        "範疇一減量目標",
        "女性員工比例",
        "單位產品能源消耗量",
        "供應商範疇一排放量",
    ],
}


def names(make_page, language, label):
    page = translate(make_page(label, language=language), language=language, company="Acme").page
    return lexicon.name(periods.without(page.text)) or lexicon.name(units.without(periods.without(page.text)))


@pytest.mark.parametrize(
    ("language", "key", "label"),
    [(lang, key, label) for lang, keys in WHOLE.items() for key, labels in keys.items() for label in labels],
)
def test_a_label_names_a_figure_whole(make_page, language, key, label):
    entry = names(make_page, language, label)

    assert entry is not None
    assert entry.key == key


@pytest.mark.parametrize(
    ("language", "label"), [(lang, label) for lang, ls in SMALLER.items() for label in ls]
)
def test_a_label_of_a_smaller_figure_names_none(make_page, language, label):
    assert names(make_page, language, label) is None
