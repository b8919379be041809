"""What the demo site says. The first programme and the first three insights are real; the rest is made up to go with them."""

from typing import Any

THEMES = {
    "victim-identification": "Victim identification",
    "prevention": "Prevention",
    "law-and-policy": "Law and policy",
    "research": "Research and data",
    "recovery": "Recovery and care",
}

PARTNERS: dict[str, dict[str, Any]] = {
    "interpol": {
        "name": "INTERPOL",
        "website": "https://www.interpol.int",
        "description": (
            "The largest international police organisation: 192 member countries, joined by national and regional "
            "bureaus, and a hub through which law enforcement shares information worldwide."
        ),
        "colour": (0, 60, 120),
    },
    "moore-center": {
        "name": "Moore Center",
        "website": "https://publichealth.jhu.edu",
        "description": "A research centre at Johns Hopkins that studies how child sexual abuse can be prevented.",
        "colour": (90, 40, 90),
    },
    "harbour-network": {
        "name": "Harbour Network",
        "website": "",
        "description": "Counselling centres in eleven cities that stay with children and families after a case is closed.",
        "colour": (20, 100, 90),
    },
    "open-classrooms": {
        "name": "Open Classrooms Trust",
        "website": "",
        "description": "Teachers who write lessons with pupils, and give them to every school that asks.",
        "colour": (170, 90, 30),
    },
}

INTERPOL_PROGRAMME: dict[str, Any] = {
    "title": "Identifying and rescuing victims of online child sexual exploitation",
    "slug": "identifying-victims-online",
    "summary": (
        "Since 2015 HDF has stood behind the INTERPOL unit that finds children in abuse material, works with its "
        "member countries to bring them to safety, and helps to prosecute those who harmed them."
    ),
    "start_year": 2015,
    "end_year": 2023,
    "partners": ["interpol"],
    "themes": ["victim-identification", "law-and-policy"],
    "key_figures": [
        ("10,000+", "victims identified"),
        ("2,000+", "case files shared with local law enforcement"),
        ("100,000s", "of unique media analysed, categorised and added to the secure ICSE database"),
    ],
    "phases": [
        (
            "First phase",
            2015,
            2019,
            "<p>Analysts and equipment for the Crimes Against Children Unit, and training for investigators in the "
            "member countries.</p>",
        ),
        (
            "Second phase",
            2020,
            2023,
            "<p>Confirmed in 2020: more specialists to categorise material, and closer work with national police on "
            "the cases that it opens.</p>",
        ),
    ],
    "body": [
        (
            "rich_text",
            "<p>Every picture or film of abuse is the scene of a crime, and somewhere in it is a clue: a school badge, "
            "a power socket, the pattern of a curtain. INTERPOL’s Crimes Against Children Unit looks for those clues. "
            "It identifies victims and perpetrators, and works with police in its member countries to rescue the one "
            "and prosecute the other.</p>",
        ),
        ("heading", {"text": "Why an international unit", "level": "h2"}),
        (
            "rich_text",
            "<p>A child may be abused in one country, the film sold in a second and watched in a hundred. No national "
            "force sees the whole of it. INTERPOL joins <b>192 member countries</b> through national and regional "
            "bureaus, so that what one of them finds reaches the one that can act.</p>",
        ),
        (
            "quote",
            {
                "text": "A file is closed on the day a child is safe, and not on the day we know a name.",
                "attribution": "From a workshop of the programme",
            },
        ),
        ("heading", {"text": "What the support pays for", "level": "h2"}),
        (
            "rich_text",
            "<ul><li>Specialists who analyse and categorise material, so that no investigator looks at the same film "
            "twice.</li><li>The secure ICSE database, in which the member countries search and compare.</li><li>"
            "Workshops in which officers of several countries work through open cases together.</li></ul>",
        ),
    ],
    "related_insights": [
        "six-policies-to-end-violence-against-children",
        "experts-to-develop-prevention-programmes",
        "lack-of-robust-data",
    ],
}

PROGRAMMES: list[dict[str, Any]] = [
    {
        "title": "Prevention that works, and reaches those who need it",
        "slug": "prevention-that-works",
        "summary": "Five years of research into programmes that stop abuse before it happens, and into how to spread them.",
        "start_year": 2021,
        "end_year": None,
        "partners": ["moore-center"],
        "themes": ["prevention", "research"],
        "key_figures": [("5", "years of research"), ("12", "countries that take part")],
    },
    {
        "title": "Lessons on staying safe online, written with pupils",
        "slug": "lessons-written-with-pupils",
        "summary": "Teachers and twelve-year-olds write the lessons together, because each knows what the other does not.",
        "start_year": 2019,
        "end_year": None,
        "partners": ["open-classrooms"],
        "themes": ["prevention"],
        "key_figures": [("340", "schools"), ("41,000", "pupils reached")],
    },
    {
        "title": "A place to talk: counselling after a case is closed",
        "slug": "a-place-to-talk",
        "summary": "Police and courts end their work when a case is closed. Children and families are not done then.",
        "start_year": 2018,
        "end_year": None,
        "partners": ["harbour-network"],
        "themes": ["recovery"],
        "key_figures": [("11", "cities"), ("2,600", "families counselled")],
    },
    {
        "title": "Model laws for a crime without borders",
        "slug": "model-laws",
        "summary": "Lawyers from nine countries drafted rules that a parliament can adopt without starting from nothing.",
        "start_year": 2016,
        "end_year": 2020,
        "partners": [],
        "themes": ["law-and-policy"],
        "key_figures": [("9", "countries"), ("4", "laws passed")],
    },
    {
        "title": "Counting what is hidden: prevalence studies",
        "slug": "prevalence-studies",
        "summary": "Without numbers there is no plan. Six surveys asked young adults what happened to them as children.",
        "start_year": 2017,
        "end_year": 2022,
        "partners": ["moore-center", "harbour-network"],
        "themes": ["research"],
        "key_figures": [("6", "national surveys"), ("58,000", "young adults asked")],
    },
    {
        "title": "Training for first responders",
        "slug": "training-for-first-responders",
        "summary": "What a child says first, and to whom, decides much of what follows. Nurses and teachers learn to listen.",
        "start_year": 2020,
        "end_year": None,
        "partners": ["harbour-network", "open-classrooms"],
        "themes": ["recovery", "prevention"],
        "key_figures": [("7,800", "nurses and teachers trained")],
    },
    {
        "title": "A hotline in every language spoken at home",
        "slug": "hotline-in-every-language",
        "summary": "Children speak about the worst in the language they dream in. Interpreters on call make that possible.",
        "start_year": 2014,
        "end_year": 2018,
        "partners": ["harbour-network"],
        "themes": ["recovery"],
        "key_figures": [("23", "languages")],
    },
    {
        "title": "Judges’ network on digital evidence",
        "slug": "judges-network",
        "summary": "Courts lose cases over evidence that nobody in the room can read. A network of judges shares what it learned.",
        "start_year": 2022,
        "end_year": None,
        "partners": [],
        "themes": ["law-and-policy"],
        "key_figures": [("64", "judges in the network")],
    },
    {
        "title": "Sports clubs that look out for children",
        "slug": "sports-clubs",
        "summary": "From 2028 a hundred clubs will try what it takes for a coach, a parent and a child to speak up.",
        "start_year": 2028,
        "end_year": 2031,
        "partners": ["open-classrooms"],
        "themes": ["prevention"],
        "key_figures": [],
    },
]

SIX_POLICIES: dict[str, Any] = {
    "title": "Six policies to end violence against children",
    "slug": "six-policies-to-end-violence-against-children",
    "summary": (
        "What is known to work is not yet done everywhere. Six proposals for stronger laws, institutions and funding "
        "would turn knowledge into lasting change."
    ),
    "published_on": "2020-07-15",
    "themes": ["law-and-policy", "prevention"],
    "external_url": "https://www.end-violence.org/articles/six-policies",
}
MOORE_CENTER: dict[str, Any] = {
    "title": "Johns Hopkins experts to develop programmes that prevent child sexual abuse perpetration",
    "slug": "experts-to-develop-prevention-programmes",
    "summary": "Five years, led by the Moore Center, to find the prevention programmes that work and bring them to the world.",
    "published_on": "2021-06-16",
    "themes": ["prevention", "research"],
    "body": [
        (
            "rich_text",
            "<p>For five years, researchers led by the Moore Center at Johns Hopkins will look for programmes that "
            "keep people from abusing children in the first place. It is thought to be the largest single investment "
            "that the field has seen.</p>",
        ),
        ("heading", {"text": "Identify, validate, spread", "level": "h2"}),
        (
            "rich_text",
            "<p>The work has three parts. The team <b>identifies</b> what is already being tried, much of it by small "
            "organisations that nobody has studied. It <b>validates</b> the most promising with the means of public "
            "health. And it <b>spreads</b> what holds up, with manuals and training that others can use worldwide.</p>",
        ),
        (
            "table",
            {
                "caption": "The five years at a glance",
                "columns": [
                    {"type": "text", "heading": "Step"},
                    {"type": "text", "heading": "Years"},
                    {"type": "rich_text", "heading": "Result"},
                ],
                "rows": [
                    {"values": ["Identify", "1 – 2", "<p>A map of prevention programmes</p>"]},
                    {"values": ["Validate", "2 – 4", "<p>Trials of the <b>most promising</b></p>"]},
                    {"values": ["Spread", "4 – 5", "<p>Manuals and training</p>"]},
                ],
            },
        ),
        (
            "call_to_action",
            {
                "label": "Visit the Moore Center",
                "url": "https://publichealth.jhu.edu",
                "page": None,
            },
        ),
    ],
}
LACK_OF_DATA: dict[str, Any] = {
    "title": (
        "At the heart of the challenge to better understand the scale and hidden prevalence of child sexual abuse is "
        "the lack of robust data"
    ),
    "slug": "lack-of-robust-data",
    "summary": (
        "The UK Home Office’s Tackling CSA Strategy is the country’s first cross-government approach. It starts from "
        "what nobody knows yet: how many children are affected."
    ),
    "published_on": "2021-01-22",
    "themes": ["research", "law-and-policy"],
    "external_url": "https://www.csacentre.org.uk/blog/lack-of-robust-data/",
}

INSIGHTS: list[dict[str, Any]] = [
    {
        "title": "What a power socket told an investigator",
        "slug": "what-a-power-socket-told",
        "summary": "Small things in the background of a picture say where it was taken. How analysts read them.",
        "published_on": "2022-11-08",
        "themes": ["victim-identification"],
        "text": "<p>Sockets differ from country to country, and so do school uniforms, drinks and birdsong. An analyst who "
        "has seen enough of them can narrow the world down to a region in an afternoon.</p>",
    },
    {
        "title": "Ten questions to ask before funding a prevention programme",
        "slug": "ten-questions-before-funding",
        "summary": "Good intentions are not evidence. These are the questions that we ask ourselves, and every applicant.",
        "published_on": "2023-03-21",
        "themes": ["prevention", "research"],
        "text": "<p>Who is it for? What do they do today? What would they do instead? The first three questions sound "
        "simple, and half of all proposals cannot answer them.</p>",
    },
    {
        "title": "Listening first: notes from a school nurse",
        "slug": "listening-first",
        "summary": "“I had five minutes between two vaccinations.” What one nurse learned about the first sentence.",
        "published_on": "2023-09-12",
        "themes": ["recovery"],
        "text": "<p>The training did not teach me what to say. It taught me to wait, which is harder.</p>",
    },
    {
        "title": "Why we pay for translation",
        "slug": "why-we-pay-for-translation",
        "summary": "A hotline that speaks one language hears one part of the city.",
        "published_on": "2018-05-03",
        "themes": ["recovery"],
        "text": "<p>In the first month with interpreters, calls rose by a third. None of the new callers had phoned before.</p>",
    },
    {
        "title": "Digital evidence, explained for a courtroom",
        "slug": "digital-evidence-explained",
        "summary": "Hash values, metadata, chains of custody: a short glossary by judges for judges.",
        "published_on": "2022-04-27",
        "themes": ["law-and-policy"],
        "text": "<p>A hash value is a fingerprint of a file. Two files with one fingerprint are, for every purpose of a "
        "court, the same file.</p>",
    },
    {
        "title": "How twelve-year-olds rewrote our lesson plans",
        "slug": "twelve-year-olds-rewrote-our-lessons",
        "summary": "We asked pupils to mark the lessons. They did, in red.",
        "published_on": "2020-02-11",
        "themes": ["prevention"],
        "text": "<p>“Nobody calls it cyberspace.” The comments were merciless, and the second edition is better for each of "
        "them.</p>",
    },
    {
        "title": "Global action to protect children online",
        "slug": "global-action-online",
        "summary": "An alliance of governments and companies reports on what changed in a year.",
        "published_on": "2021-10-05",
        "themes": ["law-and-policy", "victim-identification"],
        "external_url": "https://www.weprotect.org/global-threat-assessment-21/",
    },
    {
        "title": "What survivors want researchers to know",
        "slug": "what-survivors-want-researchers-to-know",
        "summary": "Nine adults who took part in a study say what was asked well, and what should never be asked again.",
        "published_on": "2022-01-19",
        "themes": ["research", "recovery"],
        "text": "<p>“Tell me at the start how long it takes, and let me stop.” Most of what they ask for costs nothing.</p>",
    },
    {
        "title": "Eight years on: what a partnership with police taught us",
        "slug": "eight-years-on",
        "summary": "A foundation and an international police organisation do not speak the same language. They learned.",
        "published_on": "2023-12-06",
        "themes": ["victim-identification"],
        "text": "<p>We came with milestones, they came with cases. It took a year until the report fitted both.</p>",
    },
    {
        "title": "A survey is a promise",
        "slug": "a-survey-is-a-promise",
        "summary": "Whoever answers sixty questions about their childhood may expect that something follows from it.",
        "published_on": "2019-08-30",
        "themes": ["research"],
        "text": "<p>Before the first interview we agreed what would be published, when, and for whom.</p>",
    },
]

DRAFT_INSIGHT: dict[str, Any] = {
    "title": "Coaches who speak up",
    "slug": "coaches-who-speak-up",
    "summary": "An unfinished article, as an editor finds it in the morning.",
    "published_on": "2026-09-01",
    "themes": ["prevention"],
    "text": "<p>Three coaches told us about the day on which they did not look away.</p>",
}
