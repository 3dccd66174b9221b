"""The function words of languages in Latin script that reports are written in: articles, prepositions,
conjunctions, pronouns, auxiliaries. Written for this project from grammars; about fifty a language."""

_LISTS = {
    "en": """
        the of and to in a is that for with as are on by this be from our we it at which have has were
        was not or an their its will these been they than through more also us who can all other into
        such your may
    """,
    "de": """
        der die das und in den von zu mit für des ist im dem auf nicht eine als auch sich werden an ein
        aus bei wir sind einer wurde durch nach oder wird zum über unter haben zur sowie unsere unser
        hat um einen eines dass kann bis vor diese dieser unseren unserer
    """,
    "fr": """
        le la les de des du et à en un une est dans pour que qui sur par au aux avec ce sont pas plus
        nous ne se ses son sa leur leurs notre nos cette ces ou il elle été être a ont d' l' s' qu' n'
        vous afin dont
    """,
    "it": """
        il la le di e in un una che per del della dei delle con è da al alla nel nella i gli si sono non
        a lo più come dal dalla anche ai alle agli ha nei nelle sul sulla suo sua questo questa ed degli
        o tra dell' all' nell' l' un' essere stato
    """,
    "es": """
        el la los las de y en un una que por del con para es se no al su sus como más son lo a ha este
        esta entre sobre han también nuestro nuestra nuestros nuestras o e ser fue desde hasta sin hemos
        estos estas
    """,
    "pt": """
        o a os as de e em um uma que por do da dos das com para é se não ao no na nos nas seu sua seus
        suas como mais são à foi entre também pela pelo nosso nossa nossos nossas ou às ser até sem este
        esta está
    """,
    "nl": """
        de het een van en in is dat op te voor met zijn aan er die niet door om bij ook naar wordt als
        uit onze we wij deze of worden hebben heeft over tot dit kan hun meer ons binnen
    """,
    "sv": """
        och i att det som en på är av för med till den har de ett om vi inte från kan under vid vår våra
        eller ska även genom sin sina samt där hos inom detta denna var när efter mot ha
    """,
    "da": """
        og i at det som en på er af for med til den har de et om vi ikke fra kan under ved vores eller
        skal også gennem sin sine samt hvor hos inden dette denne var når efter mod have blev bliver vor
    """,
    "no": """
        og i at det som en på er av for med til den har de et om vi ikke fra kan under ved vår våre
        eller skal også gjennom sin sine samt hvor hos innen dette denne var når etter mot ha ble blir
    """,
    "fi": """
        ja on ei että se oli ovat mutta kun sekä myös tai joka jotka kuin ole olla mukaan hän sen vuoden
        vuonna yhtiön kanssa jälkeen ennen osana niiden tämä tämän nämä voi meidän olemme yli sitä
    """,
    "pl": """
        i w z na do się nie jest że o dla przez od oraz to jak po za są który która które ich ze co
        nasze nasz naszych a także być lub przy może pod tym tego roku było został
    """,
    "cs": """
        a v na se je že s z do o pro by k i jako za od jsou který která které ze po ve při podle jeho
        naše našich také nebo byl být více mezi až jsme tím roce tak
    """,
    "hu": """
        a az és hogy nem is egy van meg ez volt mint csak vagy már el ki még azt kell lehet ennek által
        illetve valamint szerint alapján során között után ezek minden
    """,
    "ro": """
        și de în a la cu pe nu care o din pentru este un sunt ca că se prin mai fi au sau al ale lor
        această acest după către între fost noastre noastră
    """,
    "tr": """
        ve bir bu ile için olarak da de olan en daha gibi çok kadar sonra her ise veya tarafından göre
        üzere olduğu değil biz ilgili yılında
    """,
    "id": """
        yang dan di dengan untuk dari pada ini dalam adalah tidak kami oleh akan atau itu sebagai juga
        telah ke dapat kepada serta bagi tersebut para secara antara melalui lebih terhadap perusahaan
    """,
    "vi": """
        và của các là có cho được trong với không những một này đã để về khi từ người năm đến tại theo
        công cũng
    """,
}

FUNCTION_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _LISTS.items()
}
