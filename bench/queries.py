"""What readers type, and the record they mean: the browser tests hold our search to it, bench/pages.py asks the peer's the same.

The ten queries of the design, and twenty of the same kinds: half a word, another spelling, a middle word, no diacritics.
"""

from __future__ import annotations

TREATY, KIM, PESKOV = "treaty/russia-north-korea-2024", "person/kim-jong-un", "person/dmitry-peskov"
#: Each query with the reference that must be among the first three found.
QUERIES = (
    ("Kim Jong", KIM), ("김정은", KIM), ("조약", TREATY), ("동반자관계", TREATY), ("전략적", TREATY), ("партнёрство", TREATY),
    ("партнерстве", TREATY), ("договора", TREATY), ("Пескова", PESKOV), ("Peskow", PESKOV),
    ("Pesk", PESKOV), ("Peskoff", PESKOV), ("Песк", PESKOV), ("ПЕСКОВ", PESKOV), ("kim jongun", KIM),
    ("Jong-Un", KIM), ("정은", KIM), ("gimjeongeun", KIM), ("金正恩", KIM),
    ("Lawrow", "person/sergey-lavrov"), ("Putyin", "person/vladimir-putin"),
    ("Путину", "person/vladimir-putin"), ("Erdoğan", "person/recep-tayyip-erdogan"), ("Susa", "treaty/shusha-declaration-2021"),
    ("Şuşa", "treaty/shusha-declaration-2021"), ("всеобъемлющем", TREATY), ("comprehens", TREATY), ("战略", TREATY),
    ("Захаровой", "person/maria-zakharova"), ("Choi Son Hui", "person/choe-son-hui"),
)
