"""What the demo site says in French: a few pages, with a menu and settings of their own."""

from typing import Any

HOME: dict[str, Any] = {
    "title": "HDF",
    "heading": "Chaque enfant que nous trouvons est un enfant que l’on peut aider",
    "introduction": (
        "<p>HDF est une fondation privée. Nous travaillons avec la police, la recherche et les écoles pour que les "
        "enfants soient à l’abri des violences sexuelles, en ligne et ailleurs.</p>"
    ),
    "summary": "Une fondation privée pour la protection des enfants contre les violences sexuelles.",
}

PROGRAMMES: dict[str, Any] = {
    "title": "Programmes",
    "slug": "programmes",
    "introduction": "<p>Ce que nous faisons, avec qui, et ce que cela a donné.</p>",
}

INSIGHTS: dict[str, Any] = {
    "title": "Éclairages",
    "slug": "eclairages",
    "introduction": "<p>Nos articles, et d’autres que nous recommandons.</p>",
}

ABOUT: dict[str, Any] = {
    "title": "À propos",
    "slug": "a-propos",
    "summary": "Qui nous sommes, comment nous travaillons et comment nous joindre.",
}
ABOUT_TEXT = (
    "<p>HDF est une fondation privée. Nous finançons ce qui a fait ses preuves, nous payons pour découvrir ce que l’on "
    'ignore encore, et nous restons plus longtemps que le temps d’une subvention. <a linktype="page" id="{programme}">'
    "Notre travail avec INTERPOL</a> a duré huit ans.</p>"
)

INTERPOL_PROGRAMME: dict[str, Any] = {
    "title": "Identifier et secourir les victimes d’exploitation sexuelle en ligne",
    "slug": "identifier-les-victimes-en-ligne",
    "summary": (
        "Depuis 2015, HDF soutient l’unité d’INTERPOL qui retrouve les enfants visibles sur des images d’abus, œuvre "
        "avec les pays membres pour les mettre en sécurité et aide à poursuivre ceux qui leur ont fait du mal."
    ),
    "body": [
        (
            "rich_text",
            "<p>Chaque image d’abus est la scène d’un crime, et quelque part s’y trouve un indice : l’écusson d’une "
            "école, une prise de courant, le motif d’un rideau. L’unité d’INTERPOL chargée des crimes contre les "
            "enfants cherche ces indices. Elle identifie les victimes et les auteurs, et travaille avec la police des "
            "pays membres pour secourir les unes et poursuivre les autres.</p>",
        ),
        ("heading", {"text": "Pourquoi une unité internationale", "level": "h2"}),
        (
            "rich_text",
            "<p>Un enfant peut être abusé dans un pays, le film vendu dans un deuxième et regardé dans cent autres. "
            "Aucune police nationale n’en voit la totalité. INTERPOL relie <b>192 pays membres</b>, si bien que ce que "
            "l’un découvre parvient à celui qui peut agir.</p>",
        ),
    ],
    "key_figures": [
        ("10 000+", "victimes identifiées"),
        ("2 000+", "dossiers transmis aux polices locales"),
        ("100 000+", "médias uniques analysés et ajoutés à la base de données sécurisée ICSE"),
    ],
    "phases": [
        (
            "Première phase",
            2015,
            2019,
            "<p>Des analystes et du matériel pour l’unité, et la formation d’enquêteurs dans les pays membres.</p>",
        ),
        (
            "Deuxième phase",
            2020,
            2023,
            "<p>Confirmée en 2020 : davantage de spécialistes, et un travail plus étroit avec les polices nationales.</p>",
        ),
    ],
}

PREVENTION_PROGRAMME: dict[str, Any] = {
    "title": "Une prévention qui marche, et qui atteint ceux qui en ont besoin",
    "slug": "une-prevention-qui-marche",
    "summary": "Cinq ans de recherche sur les programmes qui empêchent les abus, et sur la manière de les diffuser.",
    "body": [
        (
            "rich_text",
            "<p>Cinq ans de recherche sur les programmes qui empêchent les abus avant qu’ils n’aient lieu, et sur la "
            "manière de les diffuser.</p>",
        )
    ],
    "key_figures": [("5", "ans de recherche"), ("12", "pays participants")],
    "phases": [],
}

MOORE_CENTER: dict[str, Any] = {
    "title": "Des experts de Johns Hopkins préparent des programmes de prévention",
    "slug": "des-experts-preparent-la-prevention",
    "summary": "Cinq ans, sous la conduite du Moore Center, pour trouver la prévention qui marche et la faire connaître.",
    "body": [
        (
            "rich_text",
            "<p>Pendant cinq ans, des chercheurs du Moore Center, à l’université Johns Hopkins, vont étudier les "
            "programmes qui dissuadent d’abuser d’un enfant. Ce serait l’investissement le plus important que ce "
            "domaine ait connu.</p>",
        )
    ],
}

POWER_SOCKET: dict[str, Any] = {
    "title": "Ce qu’une prise de courant a appris à une enquêtrice",
    "slug": "ce-quune-prise-de-courant-a-appris",
    "summary": "Dans une image, de petites choses disent où elle a été prise. Comment les analystes les lisent.",
    "body": [
        (
            "rich_text",
            "<p>Les prises diffèrent d’un pays à l’autre, comme les uniformes d’écoliers, les boissons et le chant des "
            "oiseaux. Une analyste qui en a vu assez peut réduire le monde à une région en un après-midi.</p>",
        )
    ],
}

ORGANISATION = "HDF"
DESCRIPTION = "HDF, une fondation privée, protège les enfants contre les violences sexuelles."
FOOTER = "<p>HDF est une fondation privée. Ceci est un site de démonstration ; son contenu est inventé.</p>"
MENU = {
    "identifier-les-victimes-en-ligne": "Identifier les victimes",
    "une-prevention-qui-marche": "Prévention",
}
