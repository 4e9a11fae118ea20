"""The rules on the real records: each is broken once in the way that a rule guards against.

A break is a small edit of one real file, as an editor would make it by mistake. Exactly the
finding of the table may come of it, at exactly its line, and nothing else. An edit whose text
no longer stands in its file, exactly once, fails: so the table stays true as the records grow.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import pipeline.rules
from pipeline.load import load
from pipeline.load.events import read
from pipeline.load.marks import with_positions
from pipeline.model import ERROR, WARNING, Corpus, Diagnostic
from pipeline.rules import RULES, WAIVER_IS_PAST, WAIVER_IS_UNUSED
from pipeline.validate import validate
from tests.building import TODAY
from tests.test_rules import PROJECT, judged

LEVELS = {rule.code: rule.level for rule in RULES} | {WAIVER_IS_UNUSED: WARNING, WAIVER_IS_PAST: ERROR}


@dataclass(frozen=True, slots=True)
class Break:
    """One mistake: `old` in `file` is replaced by `new`, and the rule `code` says so at the line `at`.

    `at` is how that line begins; where it would not be the only one, the lines around it are given
    too, and it is marked with >. It stands in the broken file, unless `place` names another. `level`
    is given where it is not the rule's own. `also` are findings that inevitably come with it (code,
    line); a comment above the row says why.
    """

    code: str
    mistake: str
    file: str
    old: str
    new: str
    at: str
    place: str = ""
    level: str = ""
    also: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        return f"seeds/{self.file}.yaml"

    @property
    def expected(self) -> list[tuple[str, str, str, str]]:
        """The findings by code, level, path and line as the table words it."""
        place = f"seeds/{self.place or self.file}.yaml"
        first = (self.code, self.level or LEVELS[self.code], place, self.at)
        return [first, *((code, LEVELS[code], self.path, at) for code, at in self.also)]


NATO = "treaty/north-atlantic-treaty-1949"
RIO = "treaty/rio-treaty-1947"
ANZUS = "treaty/anzus-1951"
WARSAW = "treaty/warsaw-pact-1955"
COLLECTIVE = "treaty/collective-security-treaty-1992"
CHINA = "treaty/china-soviet-union-1950"
BELARUS = "treaty/russia-belarus-2024"
IRAN = "treaty/russia-iran-2025"
LISBON = "treaty/lisbon-treaty-2007"
JAPAN = "treaty/us-japan-1960"
TAIPEI = "treaty/us-republic-of-china-1954"
PHILIPPINES = "treaty/us-philippines-1951"
BRUSSELS = "treaty/brussels-treaty-1948"

BREAKS: list[Break] = [
    # Whether a record holds together
    Break("C403", "a step beside the act", WARSAW, "  - act: termination\n", "  - act: termination\n    step: parliament\n", "step: parliament"),
    Break("C403", "the act deleted", COLLECTIVE, "  - act: extension\n    date: 1999-04-02", "  - date: 1999-04-02", "- date: 1999-04-02"),
    Break("C404", "a date beside the event", WARSAW, "    event: 1955-05-14-warsaw-signing\n", "    event: 1955-05-14-warsaw-signing\n    date: 1955-05-14\n", "date: 1955-05-14"),
    Break("C404", "the date deleted", ANZUS, "    date: 1952-04-29\n", "", "- act: entry-into-force"),
    Break("C404", "the event deleted", JAPAN, "    event: 1960-01-19-washington-signing\n", "", "- act: signature"),
    # What is waived for that day, no rule can judge: the waiver is not called unused.
    Break("C404", "the event of a waived finding deleted", ANZUS, "    event: 1951-09-01-san-francisco-signing\n", "", "- act: signature"),
    Break("C405", "the sources deleted", ANZUS, "    sources: [voa-editorials-2011, fredsakademiet-dk-undated, cambridge-core-anzus]\n", "", "- act: entry-into-force"),
    Break("C418", "a step misspelt", "procedure/russia-federal-law", "after: [lower-house]", "after: [lowerhouse]", "after: [lowerhouse]"),
    Break("C418", "a step copied with its id", "procedure/greece-parliament", "unknown:\n", "  - id: parliament\n    label: President ratifies\nunknown:\n", "completes: approval\n> - id: parliament"),
    Break("C417", "a body part of itself", "organization/duma-international-affairs-committee", "part_of: state-duma", "part_of: duma-international-affairs-committee", "part_of: duma-international"),
    Break("C417", "a body part of its part", "organization/state-duma", "part_of: russia", "part_of: duma-international-affairs-committee", "part_of: state-duma", "organization/duma-international-affairs-committee"),
    Break("C417", "a state succeeded by itself", "organization/soviet-union", "  organization: russia\n", "  organization: soviet-union\n", "organization: soviet-union"),
    Break("C417", "a step after the one after it", "procedure/generic-ratification", "  - id: parliament\n", "  - id: parliament\n    after: [ratification]\n", "- id: parliament\n> after: [ratification]"),
    Break("C417", "a copy of itself", "source/copy-at-laurenscitycats-org-2015-11", "relays: european-parliament-think-ta-2015-11-27", "relays: copy-at-laurenscitycats-org-2015-11", "relays:"),
    Break("C417", "in force together with itself", JAPAN, "rule: exchange-of-instruments\n", "rule: other-treaty\n  treaty: us-japan-1960\n", "treaty: us-japan-1960"),
    Break("C402", "an acceding party deleted", NATO, "  - party: turkey\n    signatory: false\n", "", "- act: accession\n> parties: [greece, turkey]"),
    Break("C402", "another state that leaves", WARSAW, "  - act: withdrawal\n    party: albania\n", "  - act: withdrawal\n    party: austria\n", "party: austria"),
    Break("C402", "one state too many", COLLECTIVE, "    for: [armenia, azerbaijan, belarus, georgia, ", "    for: [armenia, azerbaijan, belarus, estonia, georgia, ", "for: [armenia, azerbaijan"),
    Break("C402", "a signatory whose party was deleted", RIO, "  - party: honduras\n", "", "parties: [argentina, bolivia"),
    Break("C402", "a stranger whose consent is needed", NATO, "  named: [belgium,", "  named: [australia, belgium,", "named: [australia"),
    Break("C440", "the number of consents deleted", RIO, "  count: two-thirds\n", "", "rule: count"),
    Break("C440", "the years of the term deleted", CHINA, "  kind: fixed\n  years: 30\n", "  kind: fixed\n", "kind: fixed"),
    Break("C406", "a step of another state", IRAN, "  - step: majlis\n", "  - step: parliament\n", "- step: parliament"),
    Break("C406", "the procedure deleted", BELARUS, "    procedure: belarus-law\n", "", "- party: belarus"),
    Break("C406", "the outline of ratification", JAPAN, "procedure: japan-diet-approval", "procedure: generic-ratification", "procedure: generic"),
    Break("C406", "whose step it is deleted", PHILIPPINES, "  - step: instrument\n    party: philippines\n", "  - step: instrument\n", "- step: instrument"),
    Break("C412", "an end only claimed", "event/1991-07-01-prague-protocol", "place: Prague\n", "place: Prague\nclaimed: true\n", "event: 1991-07-01-prague-protocol", WARSAW),
    Break("C410", "digits turned round", NATO, '    article: "13"\n', '    article: "31"\n', 'article: "31"'),
    Break("C410", "a digit too many", CHINA, '  - article: "6"\n', '  - article: "66"\n', '- article: "66"'),
    Break("C410", "a number too high in the rule", NATO, '  article: "11"\n  sources', '  article: "111"\n  sources', 'article: "111"'),
    Break("C410", "a digit lost in the number of articles", NATO, "articles: 14\n", "articles: 4\n", "articles: 4"),
    Break("C411", "the sources deleted", WARSAW, "        sources:\n          - {source: artikel33-warschauer-vertrag, at: Article 4}\n          - presidential-library-warsaw-pact-signed\n          - scribd-2015\n", "", "- kind: defence"),
    Break("C413", "an article twice", NATO, '  - article: "12"\n', '  - article: "13"\n', '> - article: "13"\nheading: Leaving'),
    Break("C413", "an id twice", "treaty/russia-north-korea-2024", "  - id: information-security\n", "  - id: crime-and-terrorism\n", "> - id: crime-and-terrorism\nheading: International information security"),
    Break("C414", "another article", "statement/2001-nato-article-5", "#article-5,", "#article-6,", "about:"),
    Break("C414", "the paragraph left out", "statement/2015-11-17-france-article-42-7", "#article-42(7)", "#article-42", "about:"),
    Break("C414", "a place in an event", "statement/2001-nato-article-5", "event/2001-nato-article-5-invoked]", "event/2001-nato-article-5-invoked#day]", "about:"),
    Break("C414", "the number of a provision taken away", IRAN, '  - article: "3"\n', "  - id: aggressor\n", "about:", "statement/2025-04-08-rudenko-not-an-alliance"),
    # Whether the dates can be true
    Break("C407", "digits of the end turned round", "organization/aukus", "  from: 2021-09\n", "  from: 2021-09\n  until: 2012-09\n", "until: 2012-09"),
    Break("C407", "only the year of the end", "organization/aukus", "  from: 2021-09\n", '  from: 2021-09\n  until: "2021"\n', 'until: "2021"', level=WARNING),
    Break("C407", "in office before its beginning", "person/andrey-vyshinsky", "    attested: [1950-02-14]\n", "    from: 1953-03-05\n    attested: [1950-02-14]\n", "attested: [1950-02-14]"),
    Break("C407", "in office in the year of its beginning", "person/andrey-vyshinsky", "    attested: [1950-02-14]\n", '    from: 1949-03-04\n    attested: ["1949", 1950-02-14]\n', 'attested: ["1949"', level=WARNING),
    Break("C409", "digits turned round", NATO, "party: sweden\n    date: 2024-03-07", "party: sweden\n    date: 2042-03-07", "date: 2042-03-07"),
    Break("C409", "an event a century late", "event/1991-07-01-prague-protocol", "date: 1991-07-01", "date: 2091-07-01", "date: 2091-07-01"),
    Break("C409", "said on a day to come", "statement/2024-02-23-armenia-participation-frozen", "date: 2024-02-23", "date: 2042-02-23", "date: 2042-02-23"),
    Break("C408", "day and month turned round", LISBON, "party: netherlands\n    date: 2008-09-11", "party: netherlands\n    date: 2008-11-09", "date: 2008-11-09"),
    Break("C408", "a day after its source", LISBON, "party: netherlands\n    date: 2008-09-11", "party: netherlands\n    date: 2008-09-13", "date: 2008-09-13", level=WARNING),
    Break("C408", "after its sources but one without a date", LISBON, "party: austria\n    date: 2008-05-13", "party: austria\n    date: 2008-10-13", "date: 2008-10-13", level=WARNING),
    Break("C408", "an event a month after its sources", "event/2015-11-17-france-invokes-article-42-7", "date: 2015-11-17", "date: 2015-12-17", "date: 2015-12-17"),
    Break("C401", "in force the year before", NATO, "date: 1949-08-24", "date: 1948-08-24", "date: 1948-08-24"),
    Break("C401", "in force some time in the year of the signature", NATO, "date: 1949-08-24", 'date: "1949"', 'date: "1949"', level=WARNING),
    Break("C401", "exchanged ten years before", "event/1960-06-23-tokyo-exchange", "date: 1960-06-23", "date: 1950-06-23", "date: 1950-06-23"),
    Break("C401", "signed the year after", "event/1955-05-14-warsaw-signing", "date: 1955-05-14", "date: 1956-05-14", "date: 1955-06-05", WARSAW),
    # The one wrong day contradicts a score of right ones.
    Break("C401", "signed after most deposits", "event/2007-12-13-lisbon-signing", "date: 2007-12-13", "date: 2008-12-13", "date: 2008-12-13"),
    Break("C401", "signed after some deposits", "event/2007-12-13-lisbon-signing", "date: 2007-12-13", "date: 2008-03-12", "date: 2008-03-12"),
    Break("C401", "signed after what states that joined later did", "event/1949-04-04-washington-signing", "date: 1949-04-04", "date: 1959-04-04", "date: 1959-04-04"),
    # Two states signed later, each for itself: the day of the signing is wrong, not theirs.
    Break("C401", "digits of the first of several signatures turned round", "event/1947-09-02-rio-de-janeiro-signing", "date: 1947-09-02", "date: 1974-09-02", "date: 1974-09-02"),
    # That the day is perhaps later than its sources, too, is the same mistake, and not told.
    Break("C401", "signed the year after, and after a source", "event/1961-07-11-beijing-signing", "date: 1961-07-11", "date: 1962-07-11", "date: 1961-09-10", "treaty/china-north-korea-1961"),
    Break("C415", "itself", "statement/2024-10-16-zelensky-troops", "statement: 2024-10-13-zelensky-troops", "statement: 2024-10-16-zelensky-troops", "- {type: repeats"),
    Break("C415", "a digit wrong", "statement/2024-10-16-zelensky-troops", "date: 2024-10-16", "date: 2024-10-06", "- {type: repeats"),
    Break("C415", "a day before what it repeats", "statement/2024-10-15-south-korea-mfa-russian-support", "date: 2024-10-15", "date: 2024-10-13", "- {type: replies-to", level=WARNING),
    Break("C419", "the year before", "statement/2024-10-15-slutsky-ratification", "window: 2024-11", "window: 2023-11", "window: 2023-11"),
    Break("C419", "over the day before it was said", "statement/2024-10-15-slutsky-ratification", "window: 2024-11", "window: 2024-10-14", "window: 2024-10-14", level=WARNING),
    Break("C419", "a step misspelt", "statement/2024-10-25-zakharova-federation-council", "step: upper-house", "step: upperhouse", "step: upperhouse"),
    Break("C419", "another treaty", "statement/2024-10-25-zakharova-federation-council", "- treaty: russia-north-korea-2024", "- treaty: us-japan-1960", "party: russia"),
    Break("C419", "a party without a procedure", "statement/2024-10-25-zakharova-federation-council", "- treaty: russia-north-korea-2024", "- treaty: collective-security-treaty-1992", "step: upper-house"),
    Break("C419", "whose step it is deleted", "statement/2024-10-25-zakharova-federation-council", "    party: russia\n", "", "step: upper-house"),
    Break("C419", "what is expected deleted", "statement/2024-06-17-ushakov-signature", "    act: signature\n", "", "- treaty: russia-north-korea-2024"),
    Break("C419", "a step beside the act", "statement/2024-06-17-ushakov-signature", "    act: signature\n", "    act: signature\n    step: promulgation\n", "step: promulgation"),
    Break("C416", "before the last deposit", LISBON, "date: 2009-12-01", "date: 2009-10-01", "date: 2009-10-01"),
    # Both reports of this treaty lack it; it is said at the first.
    Break("C416", "a deposit deleted", LISBON, "  - act: deposit\n    party: ireland\n    date: 2009-10-23\n    sources: [kildarestreet-2009-11-17]\n", "", "> - act: entry-into-force\ndate: 2009-12-01"),
    Break("C416", "the day before the exchange", BELARUS, "    date: 2025-03-13\n", "    date: 2025-03-12\n", "date: 2025-03-12"),
    Break("C416", "another rule", BELARUS, "rule: exchange-of-instruments", "rule: mutual-notification", "- act: entry-into-force"),
    Break("C441", "the year after its end", WARSAW, 'date: "1990"', 'date: "1991"', "party: east-germany"),
    Break("C441", "digits of its end turned round", "organization/soviet-union", 'until: "1991"', 'until: "1919"', 'until: "1919"'),
    # The extension and the withdrawal both lie after it.
    Break("C441", "ten years before its end", "organization/east-germany", 'until: "1990"', 'until: "1980"', 'until: "1980"'),
    Break("C441", "in the months of its beginning", "organization/georgia", "type: state\n", "type: state\nexisted:\n  from: 1993-10-01\n  sources: [blogen-wiki-2022-01-24]\n", "- act: accession\n> party: georgia", COLLECTIVE, level=WARNING),
    Break("C445", "digits turned round", LISBON, "date: 2020-01-31", "date: 2002-01-31", "- act: withdrawal"),
    Break("C447", "a party deleted", BELARUS, "  - party: belarus\n    procedure: belarus-law\n", "", "parties:"),
    Break("C447", "a party twice", "treaty/france-greece-2021", "- party: greece", "- party: france", "> - party: france\nprocedure: greece-parliament"),
    Break("C446", "of another state", "treaty/france-greece-2021", "procedure: greece-parliament", "procedure: turkey-parliament-and-president", "procedure: turkey-parliament-and-president"),
    Break("C445", "before it was in force", WARSAW, 'date: "1968"', 'date: "1952"', "> - act: withdrawal\nparty: albania"),
    Break("C445", "a state that had left", WARSAW, "parties: [bulgaria, czechoslovakia", "parties: [albania, bulgaria, czechoslovakia", "- act: extension"),
    Break("C442", "a notice called its revocation", CHINA, "- act: notice-of-withdrawal", "- act: revocation-of-notice", "- act: revocation-of-notice"),
    Break("C442", "after its effect", RIO, "  - act: withdrawal\n    party: nicaragua\n", "  - act: revocation-of-notice\n    party: mexico\n    date: 2005-01-01\n    sources: [gibler-2009-5]\n  - act: withdrawal\n    party: nicaragua\n", "- act: revocation-of-notice"),
    Break("C443", "a suspension called its resumption", ANZUS, "- act: suspension", "- act: resumption", "- act: resumption"),
    Break("C443", "before it was in force", ANZUS, "date: 1986-08", "date: 1951-08", "- act: suspension"),
    Break("C443", "resumed between others", ANZUS, "\nunknown:", "\n  - act: resumption\n    date: 2007-09\n    between: [australia, new-zealand]\n    sources: [gibler-2009-3]\nunknown:", "- act: resumption"),
    # Six suspensions have their day from this event.
    Break("C443", "six in one event before it was in force", "event/2012-06-28-uzbekistan-suspends-participation", "date: 2012-06-28", "date: 1992-06-28", "> - act: suspension\nparty: uzbekistan\nbetween: [uzbekistan, armenia]", COLLECTIVE),
    Break("C444", "no reservation on record", LISBON, "  - act: withdrawal\n", "  - act: objection\n    party: ireland\n    against: poland\n    date: 2009-11-01\n    sources: [kildarestreet-2009-11-17]\n  - act: withdrawal\n", "- act: objection"),
    Break("C444", "against nobody", LISBON, "  - act: withdrawal\n", "  - act: objection\n    party: ireland\n    date: 2009-11-01\n    sources: [kildarestreet-2009-11-17]\n  - act: withdrawal\n", "- act: objection"),
    # What an editor should look at again
    Break("C420", "a month too late", "event/2025-02-18-duma-vote", "date: 2025-02-18", "date: 2025-02-28", "date: 2025-02-26", "event/2025-02-26-federation-council-vote"),
    Break("C420", "a month too early", JAPAN, "date: 1960-06-21", "date: 1960-05-21", "date: 1960-05-21"),
    Break("C420", "day and month of a vote", "event/2025-02-26-federation-council-vote", "date: 2025-02-26", "date: 2025-02-06", "date: 2025-02-06"),
    Break("C420", "the instrument before the vote", PHILIPPINES, "date: 1952-08-27", "date: 1952-02-27", "date: 1952-02-27"),
    Break("C420", "the president before the senate", RIO, "date: 1947-12-12", "date: 1947-11-12", "date: 1947-11-12"),
    Break("C421", "another state left in a copied act", NATO, "    party: spain\n    date", "    party: germany\n    date", "date: 1955-05-06\nsources\n> - act: accession\nparty: germany"),
    Break("C421", "deposited twice", RIO, "    party: colombia\n    date", "    party: brazil\n    date", "> - act: deposit\nparty: brazil\ndate: 1948-03-25"),
    # That its day is not the derived one is the same mistake, and not told.
    Break("C421", "in force twice", TAIPEI, "  - act: termination\n", "  - act: entry-into-force\n    date: 1955-03-04\n    sources: [twdefense-info-undated]\n  - act: termination\n", "> - act: entry-into-force\ndate: 1955-03-04"),
    # Then it is of all parties, and every other deposit is a second one.
    Break("C421", "whose deposit it is deleted", RIO, "    party: el-salvador\n    date", "    date", "> - act: deposit\ndate: 1948-03-15"),
    Break("C421", "a step left in a copied action", JAPAN, "  - step: cabinet\n", "  - step: diet\n", "> - step: diet\nparty: japan\ndate: 1960-06-21"),
    Break("C422", "seen the year before", "person/zhou-enlai", "attested: [1950-02-14]", "attested: [1949-02-14]", "by: [andrey-vyshinsky, zhou-enlai]", CHINA),
    # The day of one event, on which neither of the two who signed is known to have held an office.
    Break("C422", "a signing ten years before", "event/1950-02-14-moscow-signing", "date: 1950-02-14", "date: 1940-02-14", "by: [andrey-vyshinsky, zhou-enlai]", CHINA),
    Break("C422", "another person", CHINA, "by: [andrey-vyshinsky, zhou-enlai]", "by: [andrey-vyshinsky, liu-shaoqi]", "by: [andrey-vyshinsky, liu-shaoqi]"),
    Break("C422", "seen the day after", "person/alexander-lukashenko", "2024-12-06", "2024-12-07", "by: [vladimir-putin, alexander-lukashenko]", BELARUS),
    Break("C422", "an office in other words", "statement/2024-10-15-peskov-iran-treaty", "as: Press Secretary of the President", "as: Press Secretary of the Kremlin", "as:"),
    Break("C423", "a digit twice", LISBON, "date: 2009-12-01", "date: 2009-12-11", "date: 2009-12-11"),
    Break("C423", "digits of the day turned round", TAIPEI, "date: 1955-03-03", "date: 1955-03-30", "date: 1955-03-30"),
    Break("C430", "a month after the deposit", LISBON, "  - act: withdrawal\n", "  - act: reservation\n    party: ireland\n    date: 2009-11-01\n    sources: [kildarestreet-2009-11-17]\n  - act: withdrawal\n", "- act: reservation"),
    Break("C430", "of another state", RIO, "  - act: deposit\n    party: cuba\n", "  - act: reservation\n    party: brazil\n    date: 1948-12-09\n    sources: [gibler-2009-5]\n  - act: deposit\n    party: cuba\n", "- act: reservation"),
    Break("C431", "the term left out", COLLECTIVE, "  kind: fixed\n  years: 5\n", "  kind: indefinite\n", "- act: extension"),
    Break("C431", "a month too late", COLLECTIVE, "date: 1999-04-02", "date: 1999-05-02", "- act: extension"),
    Break("C432", "in the ninth year", JAPAN, "\nrelations:", "\n  - act: notice-of-withdrawal\n    party: japan\n    date: 1969-06-23\n    sources: [owiki-undated]\nrelations:", "- act: notice-of-withdrawal"),
    Break("C432", "a year too early", RIO, "effective: 2004-09", "effective: 2003-09", "effective: 2003-09"),
    Break("C424", "a copy instead of the other source", "event/2015-11-17-france-invokes-article-42-7", "sharecast-2015-11-17,", "copy-at-laurenscitycats-org-2015-11,", "sources: [copy-at"),
    Break("C425", "the name of another", "person/percy-spender", "name: Percy Spender", "name: Carl Berendsen", "name: Carl"),
    Break("C425", "an alias of another", "person/zhou-enlai", "names:\n  zh: 周恩来\n", "names:\n  zh: 周恩来\naliases: [Liu Shao-qi]\n", "aliases:"),
    Break("C426", "a mere reference", LISBON, "type: refers-to", "type: supersedes", "treaty: north-atlantic-treaty-1949"),
    Break("C426", "carried out and not replaced", "treaty/csto-charter-2002", "type: implements", "type: supersedes", "treaty: collective-security-treaty-1992"),
    Break("C428", "a whole sentence", "statement/2025-07-18-jalali-entry-into-force", "text: naturally entered into force", "text: the treaty has naturally entered into force because both the parliaments and the presidents made it law", "text:"),
    Break("C428", "too long beside a citation", LISBON, "quote: aid and assistance by all the means in their power", "quote: an obligation of aid and assistance by all the means in their power, in accordance with Article 51", "quote:"),
    Break("C428", "too long in a summary", NATO, "summary: The treaty may be reviewed after ten years.", "summary: After ten years “the Parties shall, if any of them so requests, consult together for the purpose of reviewing the Treaty”.", "summary: After ten"),
    Break("C429", "the value chosen", "event/1991-07-01-prague-protocol", "value: 1991-06-30", "value: 1991-07-01", "value: 1991-07-01"),
    Break("C429", "one of the others chosen", TAIPEI, '"[1979-12-31..1980-01-01]"', "1980-01-01", 'value: "1980-01-01"'),
    Break("C429", "a field misspelt", BRUSSELS, "- field: mode", "- field: modus", "- field: modus"),
    Break("C427", "another source", JAPAN, "  sources: [owiki-undated]\n", "  sources: [wikipedia-undated]\n", "title:", "source/owiki-undated"),
    Break("C427", "its state follows the outline", "treaty/france-greece-2021", "procedure: greece-parliament", "procedure: generic-ratification", "name:", "procedure/greece-parliament"),
    Break("C427", "another depositary", "treaty/arab-league-joint-defence-1950", "depositary: arab-league", "depositary: egypt", "name:", "organization/arab-league"),
    Break("C433", "a country's code that names another language", "person/yoon-suk-yeol", "ko-KR: 윤석열", "kr: 윤석열", "kr: 윤석열", level=ERROR),
    Break("C433", "the tag of another name", "person/zhou-enlai", "  zh: 周恩来", "  ru: 周恩来", "ru: 周恩来"),
    # What is waived
    Break("C490", "another speaker", "statement/2025-11-yoon-drones", "speaker: person/yoon-suk-yeol", "speaker: organization/south-korea", "- rule: C422"),
    # What the waiver no longer covers is told again: it was there before, and only waived.
    Break("C490", "another rule", "statement/2025-11-yoon-drones", "rule: C422", "rule: C421", "- rule: C421", also=(("C422", "speaker:"),)),
    # So it is where the waiver is over.
    Break("C491", "digits turned round", "statement/2025-11-yoon-drones", "until: 2030-01-01", "until: 2003-01-01", "until: 2003-01-01", also=(("C422", "speaker:"),)),
]


def ids(row: Break) -> str:
    return f"{row.code}-{row.file.partition('/')[2]}-{row.mistake.replace(' ', '-')}"


@dataclass(frozen=True, slots=True)
class World:
    """The real records, read once: valid, and what was found in them unbroken."""

    valid: Corpus
    usual: Counter[tuple[str, str, str, str]]


@pytest.fixture(scope="module")
def world() -> World:
    valid = validate(load(PROJECT, PROJECT))
    return World(valid, Counter(map(known_by, judged(valid, TODAY).diagnostics)))


def known_by(finding: Diagnostic) -> tuple[str, str, str, str]:
    """A finding without its place: an edit above it moves the place, and is no new finding."""
    return finding.code, finding.level, finding.path, finding.message


def broken_text(row: Break) -> str:
    text = (PROJECT / row.path).read_text(encoding="utf-8")
    assert text.count(row.old) == 1, f"{row.path} holds {row.old!r} {text.count(row.old)} times: mend this table"
    return text.replace(row.old, row.new)


def new_findings(row: Break, world: World, root: Path) -> list[Diagnostic]:
    """What the whole corpus finds after the edit and did not find before, each with its line."""
    text = broken_text(row)
    data, unreadable = read(text)
    assert not unreadable, unreadable
    ref = row.file
    record = replace(world.valid.records[ref], data=data, digest="")
    refused = validate(Corpus({record.kind: world.valid.kinds[record.kind]}, {ref: record})).diagnostics
    assert not refused, f"a rule is not asked, the schema refuses it: {refused}"
    left = Counter(world.usual)
    found = []
    for finding in judged(replace(world.valid, records={**world.valid.records, ref: record}), TODAY).diagnostics:
        if left[known_by(finding)]:
            left[known_by(finding)] -= 1
        else:
            found.append(finding)
    (root / row.path).parent.mkdir(parents=True, exist_ok=True)
    (root / row.path).write_text(text, encoding="utf-8")
    return [with_positions((finding,), root if finding.path == row.path else PROJECT)[0] for finding in found]


def line_of(at: str, text: str) -> int:
    """The number of the line that begins as the marked line of `at` (or its only one), among lines that begin as the others."""
    parts = at.split("\n")
    marked = next((index for index, part in enumerate(parts) if part.startswith("> ")), 0)
    wanted = [part.removeprefix("> ") for part in parts]
    lines = [line.strip() for line in text.split("\n")]
    starts = [
        start
        for start in range(len(lines) - len(wanted) + 1)
        if all(line.startswith(part) for line, part in zip(lines[start:], wanted, strict=False))
    ]
    assert len(starts) == 1, f"{at!r} stands in lines {[start + 1 for start in starts]}: say which is meant"
    return starts[0] + marked + 1


@pytest.mark.parametrize("row", BREAKS, ids=ids)
def test_a_mistake_in_a_real_record_is_found_where_it_stands(row: Break, world: World, tmp_path: Path) -> None:
    found = new_findings(row, world, tmp_path)
    drawn = [(d.code, d.level, d.path, d.position.line if d.position else 0) for d in found]
    wanted = [
        (code, level, path, line_of(at, ((tmp_path if path == row.path else PROJECT) / path).read_text(encoding="utf-8")))
        for code, level, path, at in row.expected
    ]
    assert sorted(drawn) == sorted(wanted), "\n".join(f"{d.path}:{d.position}: {d.code} {d.message}" for d in found)


def test_every_rule_is_broken_once() -> None:
    """A new rule needs a line in the table."""
    assert {row.code for row in BREAKS} == set(LEVELS)


def test_what_is_certain_or_possible_is_broken_both_ways() -> None:
    modules = [module for module in vars(pipeline.rules).values() if hasattr(module, "CODE")]
    three_valued = {module.CODE for module in modules if hasattr(module, "ERROR") and hasattr(module, "WARNING")}
    assert three_valued
    for code in three_valued:
        assert {level for row in BREAKS for other, level, *_ in row.expected if other == code} == {ERROR, WARNING}, code


def test_no_two_breaks_have_one_name() -> None:
    assert len({ids(row) for row in BREAKS}) == len(BREAKS)
