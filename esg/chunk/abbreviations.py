"""Words whose full stop does not end a sentence, as they occur in company reports."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the end of a sentence, whatever follows.
TITLES = _words(
    """
    dr mr mrs ms prof st sr hon messrs e.g i.e eg ie vs cf viz ca approx incl excl resp
    z.b d.h u.a i.d.r o.ä bzw inkl exkl zzgl ggf evtl sog bspw vgl dipl
    p.ex av dott
    """
)

# Not the end before a figure: "No. 5", "Fig. 3", "pp. 4–6", "Art. 8".
BEFORE_FIGURES = _words(
    """
    no nos nr n fig figs tab p pp s art arts abs sec sect ch chap vol para par ann app ref pag págs núm num
    jan feb mar apr jun jul aug sep sept oct okt nov dec dez est min max avg rev
    """
)

# The end only when a word follows that begins sentences: "Acme Inc. The …" but "Acme Inc. Report".
SOMETIMES = _words(
    """
    inc ltd corp co cos llc plc bros dept univ intl natl assn etc al usw bd gov gen rep sen sa spa srl tbk
    mio mrd mill bn tsd jr std tel ext
    """
)

# What a German ordinal stands before: "31. Dezember", "2. Quartal".
AFTER_ORDINALS = _words(
    """
    januar jänner februar märz april mai juni juli august september oktober november dezember
    quartal halbjahr jahrhundert jahrestag geschäftsjahr platz
    """
)

# Words that begin sentences and seldom follow an abbreviation within one.
OPENERS = _words(
    """
    the a an this these that those there it its we our us you your they their he she what how please
    in on at by for from to with as all each both no more most many some such since then when while where if
    after before during through although however further furthermore moreover additionally overall also and
    but or so der die das dies diese dieser wir unser unsere es ein eine im für mit bei durch auf nach zum zur
    alle le la les nous notre il elle un une en dans pour ce cette el los las una nuestro lo gli noi
    """
)
