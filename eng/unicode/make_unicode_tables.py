#!/usr/bin/env python3
"""Writes unicode.bin, the Unicode tables of the tokenizers, from a folder of the Unicode Character Database (version 15.0 or later).

    make_unicode_tables.py UCD_FOLDER OUTPUT

The reference implementation froze each table at the Unicode version of the crate it comes from, so later characters are cut off by their
age; where a property of an old character changed since, the value of that time is put back below.

The file is one raw deflate stream of little-endian values:
  4 range lists (count, then start and end of each): punctuation of Unicode 8, marks of Unicode 9, non-spacing marks of Unicode 8,
      controls, formats and private use of Unicode 8
  2 script lists (number of names, names as length byte and ASCII; count, then start, end, name index): Unicode 9 and the database's own
  decompositions of Unicode 11 (count, then code point, 1 if compatibility, length, code points), one step each
  canonical combining classes (count, then code point, class), other than 0
  primary composites (count, then first, second, composite)
"""
import struct
import sys
import zlib

ucd, output = sys.argv[1:3]


def lines(name):
    with open(f"{ucd}/{name}", encoding="utf-8") as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line:
                yield [field.strip() for field in line.split(";")]


def ranged(name):
    values = {}
    for fields in lines(name):
        first, _, last = fields[0].partition("..")
        for code in range(int(first, 16), int(last or first, 16) + 1):
            values[code] = fields[1]
    return values


age = {code: tuple(map(int, value.split("."))) for code, value in ranged("DerivedAge.txt").items()}
category, classes, decompositions, first = {}, {}, {}, None
for fields in lines("UnicodeData.txt"):
    code = int(fields[0], 16)
    if fields[1].endswith("Last>"):
        for between in range(first, code + 1):
            category[between] = fields[2]
    category[code] = fields[2]
    first = code
    if age[code] > (11, 0):
        continue
    if fields[3] != "0":
        classes[code] = int(fields[3])
    if fields[5]:
        parts = fields[5].split()
        compatibility = parts[0].startswith("<")
        decompositions[code] = (compatibility, [int(part, 16) for part in parts[compatibility:]])
excluded = {int(fields[0], 16) for fields in lines("CompositionExclusions.txt")}


def having(version, kinds, add=(), remove=()):
    found = {code for code, kind in category.items() if kind.startswith(kinds) and age[code] <= version and not 0xD800 <= code < 0xE000}
    return sorted((found | set(add)) - set(remove))


def ranges(codes):
    result = []
    for code in codes:
        if result and result[-1][1] == code - 1:
            result[-1][1] = code
        else:
            result.append([code, code])
    return result


ascii_symbols = [ord(c) for c in "$+<=>^`|~"]
sets = [
    having((8, 0), ("P",), add=ascii_symbols + [0x166D, 0x111C9]),
    having((9, 0), ("M",), add=[0x1CF2, 0x1CF3], remove=[0x111C9]),
    having((8, 0), ("Mn",), add=[0x1734], remove=[0x1885, 0x1886, 0xA9BD, 0x111C9]),
    having((8, 0), ("Cc", "Cf", "Co")),
]

scripts = ranged("Scripts.txt")
scripts9 = {code: script for code, script in scripts.items() if age.get(code, (99, 0)) <= (9, 0)}
scripts9 |= {0x589: "Common", 0x61C: "Common", 0x953: "Devanagari", 0x954: "Devanagari"}

data = bytearray()


def put(*values):
    for value in values:
        data.extend(struct.pack("<i", value))


for codes in sets:
    found = ranges(codes)
    put(len(found))
    for start, end in found:
        put(start, end)

for table in (scripts9, scripts):
    names = sorted(set(table.values()))
    put(len(names))
    for name in names:
        data.append(len(name))
        data.extend(name.encode("ascii"))
    found = []
    for code in sorted(table):
        index = names.index(table[code])
        if found and found[-1][1] == code - 1 and found[-1][2] == index:
            found[-1][1] = code
        else:
            found.append([code, code, index])
    put(len(found))
    for entry in found:
        put(*entry)

put(len(decompositions))
for code in sorted(decompositions):
    compatibility, parts = decompositions[code]
    put(code, int(compatibility), len(parts), *parts)

put(len(classes))
for code in sorted(classes):
    put(code, classes[code])

# Singletons and pairs that begin with a mark never compose, nor do those excluded by name.
composites = [
    (parts[0], parts[1], code)
    for code, (compatibility, parts) in sorted(decompositions.items())
    if not compatibility and len(parts) == 2 and code not in excluded and code not in classes and parts[0] not in classes
]
put(len(composites))
for composite in composites:
    put(*composite)

compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
with open(output, "wb") as file:
    file.write(compressor.compress(bytes(data)) + compressor.flush())
