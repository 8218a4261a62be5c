"""Make the tables in shared/src/domain/geography from published packages: see README.md.

Everything is sorted and rounded, so that the same packages give the same bytes, and a renewal is a diff to read.
"""

import csv
import math
import re
from collections import Counter, defaultdict
from pathlib import Path

import zipcodes
from phonenumbers.data.region_CA import PHONE_METADATA_CA
from phonenumbers.data.region_US import PHONE_METADATA_US

HERE = Path(__file__).parent
TABLES = HERE.parent.parent / "shared/src/domain/geography"

# Two codes overlay each other when they share this part of the smaller one's ZIP codes. Codes that only meet at a
# border share at most 0.57 of them, those of one area at least 0.84 (zipcodes 3.0.0).
OVERLAY_SHARE = 0.75

# At a border an area code is believed of a ZIP code if it has at least this part of the ZIP codes around that the
# commonest has: else the outskirts of a large neighbour win where its middle happens to be near.
COMMON_SHARE = 0.5

# Neighbours kept of one area code.
NEIGHBOURS_MAX = 8

# Territories are reached at overseas prices: their codes are nobody's neighbours.
TERRITORIES = {"PR", "VI", "GU", "AS", "MP"}
TERRITORY_CODES = {"787": "PR", "939": "PR", "340": "VI", "671": "GU", "684": "AS", "670": "MP"}


def in_service(metadata):
    """The area codes whose fixed lines a country's numbering metadata describes."""
    pattern = re.compile(metadata.fixed_line.national_number_pattern)
    codes = (str(code) for code in range(200, 1000))
    return {code for code in codes if pattern.fullmatch(f"{code}2345678")}


def rows(name):
    with open(HERE / name, newline="") as file:
        return list(csv.DictReader(file))


def zip_records(known):
    """The ZIP codes of places in the United States, each with the codes that are in service there."""
    records = []
    for record in zipcodes.list_all():
        military = record["zip_code_type"] == "MILITARY"
        codes = [code for code in record["area_codes"] if code in known]
        if record["country"] == "US" and not military and codes and record["lat"]:
            records.append({**record, "codes": codes, "at": (float(record["lat"]), float(record["long"]))})
    return records


def distance_km(one, other):
    (lat1, long1), (lat2, long2) = [(math.radians(a), math.radians(b)) for a, b in (one, other)]
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((long2 - long1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(half))


class Areas:
    """What is known about every area code: regions, overlays, and where its middle is."""

    def __init__(self, records, american, canadian):
        self.country = dict.fromkeys(american, "US") | dict.fromkeys(canadian, "CA")
        self.country |= dict.fromkeys(TERRITORY_CODES, "territory")
        self.regions, self.middle = {}, {}
        self.overlays = defaultdict(set)
        self.of_zip_codes(records)
        self.of_canada()
        self.of_new_codes()
        self.of_merged_areas()
        missing = set(self.country) - set(self.regions)
        assert not missing, f"say in new-codes.csv or canada.csv where these are: {sorted(missing)}"
        unknown = set(self.regions) - set(self.country)
        assert not unknown, f"not in service any more: {sorted(unknown)}"

    def of_zip_codes(self, records):
        where, states, points = defaultdict(set), defaultdict(Counter), defaultdict(list)
        for record in records:
            for code in record["codes"]:
                states[code][record["state"]] += 1
                points[code].append(record["at"])
                if record["zip_code_type"] == "STANDARD":
                    where[code].add(record["zip_code"])
        for code in states:
            # ZIP codes at a border list the codes of both sides.
            self.regions[code] = [states[code].most_common(1)[0][0]]
            self.middle[code] = tuple(sum(axis) / len(points[code]) for axis in zip(*points[code]))
        for code, zips in where.items():
            for other, others in where.items():
                if code != other and len(zips & others) >= OVERLAY_SHARE * min(len(zips), len(others)):
                    self.overlays[code].add(other)

    def of_canada(self):
        groups = rows("canada.csv")
        for group in groups:
            codes = group["codes"].split()
            for code in codes:
                self.regions[code] = group["regions"].split()
                self.middle[code] = (float(group["latitude"]), float(group["longitude"]))
                self.overlays[code] |= set(codes) - {code}
        # British Columbia and Alberta: these lie over two areas each.
        for above, below in (("236 257 672 778", "604 250"), ("368 587 825", "403 780")):
            for code in above.split():
                for other in below.split():
                    self.overlays[code].add(other)
                    self.overlays[other].add(code)

    def of_new_codes(self):
        for row in rows("new-codes.csv"):
            code, overlaid = row["code"], row["overlays"].split()
            assert code not in self.regions, f"{code} is in the packages now: take it out of new-codes.csv"
            for other in overlaid:
                assert row["region"] in self.regions[other], (code, other)
                self.overlays[code].add(other)
                self.overlays[other].add(code)
            self.regions[code] = [row["region"]]
            self.middle[code] = self.middle[overlaid[0]]

    def of_merged_areas(self):
        for row in rows("merged.csv"):
            codes = row["codes"].split()
            for code in codes:
                assert row["region"] in self.regions[code], code
                self.overlays[code] |= set(codes) - {code}

    def nearest(self, code):
        """The nearest other codes of the same country, those that overlay it left out."""
        others = [
            (round(self.apart_km(code, other)), other)
            for other in self.country
            if other != code and other not in self.overlays[code] and self.country[other] == self.country[code]
        ]
        return [other for _, other in sorted(others)[:NEIGHBOURS_MAX]]

    def overlaid(self, code):
        """The codes that overlay it, the nearest middle first."""
        return sorted(self.overlays[code], key=lambda other: (round(self.apart_km(code, other)), other))

    def apart_km(self, code, other):
        return distance_km(self.middle[code], self.middle[other])


def table_of_areas(areas):
    lines = []
    for code in sorted(areas.country):
        territory = areas.country[code] == "territory"
        near = [] if territory else areas.nearest(code)
        columns = [code, ",".join(areas.regions[code]), ",".join(areas.overlaid(code)), ",".join(near)]
        lines.append(" ".join(column or "-" for column in columns))
    return lines


def first_of_area(code, areas):
    """Whether all codes that overlay it overlay each other: then it and they are the codes of one area. A code such as
    917, which lies over Manhattan and over the rest of New York, is not the first of either."""
    overlays = areas.overlays[code]
    return all(one in areas.overlays[other] for one in overlays for other in overlays if one != other)


def area_of(record, shares, areas):
    """The area of a ZIP code, by one of its codes: at a border the area that many ZIP codes around have and whose middle
    is nearest, and of its codes the one people know. Codes from before 1995 have a 0 or a 1 in the middle."""
    firsts = [code for code in record["codes"] if first_of_area(code, areas)] or record["codes"]
    most = max(shares[code] for code in firsts)
    common = [code for code in firsts if shares[code] >= COMMON_SHARE * most]
    likeliest = min(common, key=lambda code: (round(distance_km(record["at"], areas.middle[code])), code))
    same = [code for code in areas.overlays[likeliest] if first_of_area(code, areas)]
    return min([likeliest, *same], key=lambda code: (code[1] not in "01", -shares[code], code))


def table_of_zips(records, areas):
    """Runs of ZIP codes in the same area, named by one of its codes. ZIP codes around one are those of its sectional
    centre (the first three digits). A run goes over ZIP codes that nobody has within a hundred-block: a new one is
    most likely in the area of those around it."""
    around = defaultdict(Counter)
    for record in records:
        around[record["zip_code"][:3]].update(record["codes"])
    runs = []
    for record in sorted(records, key=lambda record: record["zip_code"]):
        number, area = int(record["zip_code"]), area_of(record, around[record["zip_code"][:3]], areas)
        if runs and runs[-1][2] == area and runs[-1][1] // 100 == number // 100:
            runs[-1][1] = number
        else:
            runs.append([number, number, area])
    return [f"{first:05} {last:05} {area}" for first, last, area in runs]


def write(name, lines):
    path = TABLES / name
    path.write_text("".join(f"{line}\n" for line in lines), newline="\n")
    print(f"{path.name}: {len(lines)} lines, {path.stat().st_size} bytes")


def main():
    american, canadian = in_service(PHONE_METADATA_US), in_service(PHONE_METADATA_CA)
    records = zip_records(american | set(TERRITORY_CODES))
    areas = Areas(records, american, canadian)
    TABLES.mkdir(exist_ok=True)
    write("area-codes.txt", table_of_areas(areas))
    write("zip-codes.txt", table_of_zips(records, areas))


if __name__ == "__main__":
    main()
