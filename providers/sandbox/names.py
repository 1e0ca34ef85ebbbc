"""Word lists for the invented people: names from many places, and the awkward ones."""

FEMALE = (
    "Siobhán", "Morwenna", "Amara", "Priya", "Zoë", "Chloé", "Aoife", "Ffion", "Ingrid", "Magdalena", "Yuki",
    "Fatima", "Olga", "Nkechi", "Grace", "Hannah", "Ruth", "Eilidh", "Mairi", "Josephine", "Beatriz", "Lucía",
    "Sinéad", "Charlotte", "Emma", "Imogen", "Nadia", "Leïla", "Anneke", "Åsa", "Katarzyna", "Ottoline", "Wanjiru",
    "Mei-Ling", "Thandiwe", "Isla", "Poppy", "Bronwen", "Catrin", "Rosalind", "Harriet", "Jade", "Kirsty", "Louise",
    "Mina", "Noor", "Orla", "Paula", "Rachel", "Sarah", "Tamsin", "Una", "Violet", "Winifred", "Yasmin",
)  # fmt: skip
MALE = (
    "Tomasz", "Ravi", "Iestyn", "Callum", "Hamish", "José", "André", "Jürgen", "Søren", "Łukasz", "Mohammed",
    "Kwame", "Hiroshi", "Wei", "Oluwaseun", "Arjun", "Patrick", "Declan", "Seán", "Rhys", "Gethin", "Angus",
    "Ewan", "Fergus", "Giovanni", "Henk", "Ivan", "Jean-Luc", "Kenji", "Lars", "Matthew", "Nathan", "Oscar",
    "Piers", "Quentin", "Robert", "Samuel", "Theo", "Umar", "Viktor", "William", "Xavier", "Yusuf", "Zachary",
    "Benedict", "Dafydd", "Edmund", "Francis", "George", "Harvey", "Isaac", "Jack", "Kieran", "Leon",
)  # fmt: skip
SURNAMES = (
    "O'Connor", "O'Brien", "D'Souza", "Breathnach", "Okafor", "MacGillivray", "McAllister", "Pascoe", "Trevithick",
    "Llewellyn", "Ap Rhys", "Nowak", "Kowalczyk", "Müller", "Sørensen", "Åkerström", "García", "Núñez", "Fernandes",
    "Ferreira", "van der Berg", "de la Cruz", "al-Hassan", "Ó Súilleabháin", "Nguyen", "Tanaka", "Li", "Wu", "Patel",
    "Singh", "Khan", "Chaudhry", "Iyer", "Mbeki", "Adeyemi", "Mwangi", "Smith", "Jones", "Taylor", "Brown", "Wilson",
    "Robson", "Charlton", "Milburn", "Dodd", "Fenwick", "Heron", "Armstrong", "Elliot", "Nixon", "Graham", "Bell",
    "Storey", "Ridley", "Thirlwell", "Hedley", "Forster", "Shaftoe", "Cuthbert", "Bewick", "Grey", "Dunn", "Lowther",
    "Musgrave", "Strickland", "Threlkeld", "Birkett", "Tyson", "Postlethwaite", "Fell", "Beck", "Carr", "Garth",
    "Hall", "Reyes", "Lund", "Moss", "Zieliński", "Čapek", "Dvořák", "Yılmaz", "Papadopoulos", "Ivanova", "Kim",
)  # fmt: skip
AWKWARD: tuple[tuple[str, str], ...] = (
    ("=HYPERLINK(\"http://evil.example\",\"win\")", "Formula"),
    ("<b>Bobby</b>", "Tables<script>alert(1)</script>"),
    ("محمد", "عبد الرحمن"),
    ("נועה", "בן-דוד"),
    ("Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh",
     "Cholmondeley-Majoribanks-Marchbanks-Beauchamp-Worcester"),
    ("Nguyễn Thị", "Minh Khai"),
    ("李", "小龍"),
    ("Jo", "Null"),
    ("  Padded ", " Spaces  "),
    ("-Minus", "Plus"),
    ("@Import", "O’Curly"),
    ("Zoe\u0308", "Decomposed"),
    ("👟 Speedy", "Emoji🏃‍♀️"),
    ("Semi;colon,", "Name \"Quoted\""),
    ("X", ""),
    ("Владимир", "Ковальчук"),
    ("ANGELA", "SHOUTING"),
    ("Robert'); DROP TABLE", "Students;--"),
)  # fmt: skip
CLUBS = (
    "Hexley Striders", "Saltwick Harriers", "Fellgate Fell Runners", "Brackwater AC", "Wren Valley Joggers",
    "Tynebank & District AC", "Arrochan Hill Runners", "Unattached", "Ely Striders", "Loftus & Whitby “Wanderers”",
    "Clwb Rhedeg Penllyn", "Lakeland Tri, Kendal",
)  # fmt: skip
MEDICAL = (
    "Asthma, carries inhaler", "Type 1 diabetes", "Allergic to penicillin", "Epilepsy (controlled)",
    "Wears a pacemaker", "Nut allergy: EpiPen in left pocket",
)  # fmt: skip
NATIONS = ("IE", "DE", "FR", "PL", "US", "NG", "IN", "NO", "ES", "KE", "JP", "NL")
STREETS = (
    "Market Place", "Tide Row", "St Cuthbert's Road", "Quay Street", "The Garth", "Mill Lane", "Fell View",
    "Station Road", "Low Friar Street", "Ffordd y Môr",
)  # fmt: skip
TOWNS: tuple[tuple[str, str], ...] = (
    ("Hexley", "NE"), ("Saltwick", "YO"), ("Brackwater", "LA"), ("Penllyn", "LL"), ("Arrochan", "PH"),
    ("Wrenbury", "CW"), ("Poole", "BH"), ("Ely", "CB"), ("Leeds", "LS"), ("Glasgow", "G"), ("Bristol", "BS"),
)  # fmt: skip
