"""The words company names are told by: legal forms, what reports are called by, who else is named in them."""

LEGAL_FORMS = tuple(
    """
    AG|Aktiengesellschaft|SE|SE & Co. KGaA|AG & Co. KGaA|KGaA|GmbH|GmbH & Co. KG|eG|plc|PLC|Plc|p.l.c.
    |Limited|LIMITED|Ltd|Ltd.|Co., Ltd.|Co. Ltd.|LLP|LP|L.P.|LLC|Inc|Inc.|INC.|Incorporated|Corp|Corp.
    |Corporation|CORPORATION|S.p.A.|S.p.A|SpA|SPA|S.A.|SA|S.A.S.|SAS|S.r.l.|S.L.|S.A.B. de C.V.|N.V.|NV
    |B.V.|BV|ASA|AS|A/S|AB|AB (publ)|Oyj|Oy|Tbk|Tbk.|Berhad|Bhd|Real Estate Investment Trust|Trust
    |Pty Ltd|Pty Limited|K.K.|A.Ş.|Public Company Limited|PCL|JSC|PJSC
    """.replace("\n    ", "").split("|")
)
WEAK_FORMS = (
    *("Group", "GROUP", "Holdings", "Holding", "Gruppe", "Groupe", "Gruppo", "Company"),
    *("& Co.", "& Co", "REIT"),
)

# Words of titles, headings and sentence beginnings: a name of nothing but these is none.
_WORDS = {
    "what reports are called": """
        report reports reporting review statement statements disclosure disclosures inventory appendix
        appendices plan plans policy policies update updates databook data pack factsheet sheet index
        table tables contents content overview summary highlights introduction foreword letter message
        glossary annex notes note section chapter page pages part item items form framework frameworks
        standard standards guideline guidelines principles principle methodology assurance statement
        strategy approach roadmap commitment commitments targets target goals goal metrics performance
        progress journey year years annual half interim quarterly integrated combined consolidated
        separate independent non-financial nonfinancial financial information declaration draft final
        version english translation release announcement announcements office market markets
        presentation document documents supplement supplementary proxy registration about this edition
        issue imprint contact contacts publisher legal notice disclaimer cover title subject microsoft
        word powerpoint excel pdf docx doc adobe indesign untitled template self
        assessment user owner admin administrator author unknown task force related accounting response links
        references supporting measure
        """,
    "what they are about": """
        sustainability sustainable environmental environment environments social society governance esg
        csr responsibility responsible corporate climate change climate-related action actions
        transition tcfd tnfd sasb issb ifrs gri csrd esrs nfrd sfdr taxonomy eu-taxonomy un sdg sdgs
        sbti sbt ghg greenhouse gas gases emission emissions carbon co2 co2e neutral net zero net-zero
        energy renewable electricity water waste biodiversity nature health safety hse hsec human rights
        people employee employees workforce workers customers customer communities community stakeholder
        stakeholders supply chain supplier suppliers materiality material topics topic diversity equity
        inclusion ethics integrity compliance anti-corruption risk risks opportunities management scope
        scopes scenario analysis impact impacts engagement innovation product products operations
        operational business economic value creation circular circularity economy remuneration audit
        committee committees charter code conduct act law regulation directive article art sec paris
        agreement protocol kyoto cdp iso iea ipcc ngfs pcaf prb capex opex turnover kpi kpis nfc
        """,
    "who and what is in them": """
        the our we us a an of and for in on at to by with from all each this that these it its is are
        was as or per company companies group groups board directors director executive executives
        management chairman chair chairwoman chairperson president ceo cfo coo officer officers council
        supervisory managing member members shareholders shareholder investors investor relations team
        department head general meeting assembly subsidiary subsidiaries division divisions segment
        segments parent entity entities issuer name registrant sector industry bank banks banking banca
        banco banque insurance
        government ministry authority agency department secretary yes no none total unit units number
        average percent million billion thousand tonnes tons male female women men gender age region
        regions country countries global international national regional local world class stock
        exchange securities commission street avenue road level suite tower phone fax tel email www
        table figure figures chart map photo image key facts comment covered reference disclosed
        omission omissions description aspect alignment
        """,
    "where and when": """
        january february march april may june july august september october november december jan feb
        mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday
        sunday europe european eu asia africa america american americas north south east west northern
        southern eastern western central pacific atlantic australia australian germany german france
        french italy italian spain spanish portugal uk united kingdom states usa us u.s kingdom britain
        british england ireland canada canadian china chinese japan japanese india indian indonesia
        indonesian taiwan korea singapore malaysia zealand new brazil mexico switzerland swiss austria
        austrian netherlands dutch belgium sweden swedish norway norwegian denmark danish finland
        finnish poland polish romania hungary russia russian ukraine turkey israel sydney melbourne
        london paris berlin munich frankfurt milan rome madrid washington york california fy cy fy20
        fy21 fy22 fy23 fy24 fy2020 fy2021 fy2022 fy2023 fy2024 q1 q2 q3 q4 h1 h2
        """,
    "in other languages": """
        bericht berichte nachhaltigkeit nachhaltigkeitsbericht nichtfinanzieller nichtfinanzielle
        zusammengefasster gesonderter konzern konzernbericht geschäftsbericht erklärung umwelt soziales
        inhalt vorwort über uns der die das und für von zu im jahr lagebericht vorstand aufsichtsrat
        gesellschaft konzerns impressum herausgeber rapport annuel développement durable déclaration
        performance extra-financière rse politique santé sécurité environnement communautés communauté
        groupe le la les des du de et nous notre nos document universel d'enregistrement bilancio
        sostenibilità dichiarazione consolidata carattere non finanziario finanziaria relazione annuale
        indice lettera agli il i gli della delle dei del di e per al nota metodologica capitolo gruppo
        società codice etico consiglio direzione decreto presidente approccio gestione informe memoria
        anual sostenibilidad información financiera no relatório sustentabilidade verslag duurzaamheid
        jaarverslag redovisning hållbarhet årsredovisning laporan keberlanjutan tahunan perseroan
        perusahaan nomor surat nama kode emiten lampiran perihal kategori kinerja bahasa tahun dewan
        direksi komisaris kepala grup saham etik dan yang
        """,
}
GENERIC = frozenset(word for words in _WORDS.values() for word in words.split())

# Auditors, standard setters, exchanges, agencies: by a part of their name in lower case.
OUTSIDERS = tuple(
    """
    auditor|wirtschaftsprüf
    |kpmg|ernst & young|pricewaterhouse|pwc|deloitte|bdo|grant thornton|mazars|forvis|bureau veritas|dnv
    |tüv|lrqa|sgs|dekra|british standards|global reporting initiative|science based targets
    |carbon disclosure|united nations|world bank|international finance corporation|equator principles
    |msci|sustainalytics|moody|standard and poor|standard & poor|s&p global|fitch|iss esg|ecovadis
    |stock exchange|securities exchange|borsa italiana|deutsche börse|euronext|nasdaq|nyse|european union
    |european parliament|european commission|climate group|global compact|financial stability board
    |sustainability accounting|ifrs foundation|internal revenue|task force
    """.replace("\n    ", "").split("|")
)
