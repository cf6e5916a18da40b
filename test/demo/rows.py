"""From a row of the City of Seattle's building benchmarking table to a building of ours.

Numbers lose their thousands separators and square feet become square metres; nothing else of what is written is
changed. What cannot be read makes the row a refused one.
"""
import csv
from dataclasses import dataclass

SQUARE_METRES_PER_SQUARE_FOOT = 0.09290304
# How the table says that a cell is empty.
ABSENT = ("", "NULL")

KIND_OF_USE = {
    "Hotel": "hotel",
    "Large Office": "office", "Small- and Mid-Sized Office": "office", "Office": "office", "Medical Office": "office",
    "K-12 School": "school", "University": "school",
    "Warehouse": "warehouse", "Distribution Center": "warehouse", "Refrigerated Warehouse": "warehouse",
    "Self-Storage Facility": "warehouse",
    "Retail Store": "store", "Supermarket / Grocery Store": "store",
    "Low-Rise Multifamily": "residential", "Mid-Rise Multifamily": "residential",
    "High-Rise Multifamily": "residential", "Residence Hall": "residential", "Senior Care Community": "residential",
}
# For a use that says nothing, what the type of the building says.
KIND_OF_TYPE = {"SPS-District K-12": "school", "Multifamily LR (1-4)": "residential",
                "Multifamily MR (5-9)": "residential", "Multifamily HR (10+)": "residential"}

# What has no field of its own: column -> attribute, as text ...
TEXTS = {
    "OSEBuildingID": "oseBuildingId", "BuildingType": "buildingType", "Neighborhood": "neighborhood",
    "TaxParcelIdentificationNumber": "taxParcel", "CouncilDistrictCode": "councilDistrict",
    "ListOfAllPropertyUseTypes": "uses", "LargestPropertyUseType": "largestUse",
    "SecondLargestPropertyUseType": "secondLargestUse", "ThirdLargestPropertyUseType": "thirdLargestUse",
    "YearsENERGYSTARCertified": "energyStarYears", "DefaultData": "defaultData", "Comments": "comments",
    "ComplianceStatus": "complianceStatus", "Outlier": "outlier",
}
# ... and as numbers.
NUMBERS = {
    "DataYear": "dataYear", "NumberofBuildings": "numberOfBuildings", "PropertyGFAParking": "parkingSquareFeet",
    "PropertyGFABuilding(s)": "buildingSquareFeet", "LargestPropertyUseTypeGFA": "largestUseSquareFeet",
    "SecondLargestPropertyUseTypeGFA": "secondLargestUseSquareFeet",
    "ThirdLargestPropertyUseTypeGFA": "thirdLargestUseSquareFeet", "ENERGYSTARScore": "energyStarScore",
    "SiteEUI(kBtu/sf)": "siteEui", "SiteEUIWN(kBtu/sf)": "siteEuiNormalized", "SourceEUI(kBtu/sf)": "sourceEui",
    "SourceEUIWN(kBtu/sf)": "sourceEuiNormalized", "SiteEnergyUse(kBtu)": "siteEnergyUseKbtu",
    "SiteEnergyUseWN(kBtu)": "siteEnergyUseNormalizedKbtu", "SteamUse(kBtu)": "steamUseKbtu",
    "Electricity(kWh)": "electricityKwh", "Electricity(kBtu)": "electricityKbtu",
    "NaturalGas(therms)": "naturalGasTherms", "NaturalGas(kBtu)": "naturalGasKbtu",
    "TotalGHGEmissions": "greenhouseGasTonnes", "GHGEmissionsIntensity": "greenhouseGasIntensity",
}


@dataclass(frozen=True)
class Row:
    line: int
    key: str
    building: dict


@dataclass(frozen=True)
class Refusal:
    line: int
    reason: str


def read(path):
    """Yields a Row or a Refusal for each row of the file."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        table = csv.DictReader(file, strict=True)
        if not table.fieldnames or "PropertyName" not in table.fieldnames or "OSEBuildingID" not in table.fieldnames:
            raise ValueError(f"{path} has no columns OSEBuildingID and PropertyName; it is another table")
        while True:
            line = table.line_num + 1
            try:
                cells = next(table)
            except StopIteration:
                return
            except csv.Error as error:
                yield Refusal(line, f"not CSV: {error}")
                continue
            yield row_of(path.stem, line, cells)


def row_of(source, line, cells):
    if None in cells:
        return Refusal(line, f"{len(cells[None])} cell(s) more than columns")
    faults = []
    building = building_of(cells, faults)
    number = cells["OSEBuildingID"]
    if number in ABSENT:
        faults.append("OSEBuildingID is empty")
    if faults:
        return Refusal(line, "; ".join(faults))
    return Row(line, f"{source}/{number}", building)


def building_of(cells, faults):
    def text(column):
        value = cells.get(column) or ""
        return None if value in ABSENT else value

    def number(column):
        value = text(column)
        return None if value is None else number_of(column, value, faults)

    area = number("PropertyGFATotal")
    attributes = {name: text(column) for column, name in TEXTS.items()}
    attributes.update({name: number(column) for column, name in NUMBERS.items()})
    return present({
        "name": text("PropertyName"),
        "kind": kind_of(cells),
        "category": text("PrimaryPropertyType"),
        "address": present({"street": text("Address"), "city": text("City"), "region": text("State"),
                            "postalCode": text("ZipCode"), "country": "US"}),
        "location": present({"latitude": number("Latitude"), "longitude": number("Longitude")}),
        "yearBuilt": number("YearBuilt"),
        "floors": number("NumberofFloors"),
        "floorAreaM2": None if area is None else round(area * SQUARE_METRES_PER_SQUARE_FOOT, 1),
        "attributes": present(attributes),
    })


def kind_of(cells):
    kind = KIND_OF_USE.get(cells.get("PrimaryPropertyType"))
    return kind or KIND_OF_TYPE.get(cells.get("BuildingType"), "other")


def number_of(column, text, faults):
    plain = text.replace(",", "")
    try:
        return int(plain) if plain.lstrip("-").isdigit() else float(plain)
    except ValueError:
        faults.append(f"{column} is no number: '{text[:40]}'")
        return None


def present(fields):
    """Without what the table leaves empty; an object of nothing is nothing, too."""
    return {name: value for name, value in fields.items() if value is not None and value != {}}
