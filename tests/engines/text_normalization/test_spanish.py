"""How Spanish is read aloud: written text and what is spoken."""

from __future__ import annotations

import pytest

from visavis.engines.text_normalization import normalize

CASES = [
    ("Tengo 3 cursos.", "Tengo tres cursos."),
    ("Cuesta 20 €.", "Cuesta veinte euros."),
    ("Cuesta 19,99 €.", "Cuesta diecinueve euros con noventa y nueve."),
    ("Son $5.", "Son cinco dólares."),
    ("1 euro y 1 hora", "un euro y una hora"),
    ("21 cursos", "veintiún cursos"),
    ("21 horas", "veintiuna horas"),
    ("31 días", "treinta y un días"),
    ("200 clases", "doscientas clases"),
    ("500 personas", "quinientas personas"),
    ("1.234 alumnos", "mil doscientos treinta y cuatro alumnos"),
    ("1.234,56", "mil doscientos treinta y cuatro coma cincuenta y seis"),
    ("3,14", "tres coma catorce"),
    ("3.14", "tres coma catorce"),
    ("25 %", "veinticinco por ciento"),
    ("El 3,5% de todos", "El tres coma cinco por ciento de todos"),
    ("En 1999 empezó.", "En mil novecientos noventa y nueve empezó."),
    ("2024", "dos mil veinticuatro"),
    ("2005-2010", "dos mil cinco a dos mil diez"),
    ("El 12/05/2024", "El doce de mayo de dos mil veinticuatro"),
    ("12 de mayo de 2024", "doce de mayo de dos mil veinticuatro"),
    ("1 de mayo", "primero de mayo"),
    ("2024-05-12", "doce de mayo de dos mil veinticuatro"),
    ("a las 15:30", "a las quince y media"),
    ("a las 9:00", "a las nueve en punto"),
    ("a las 3:15 pm", "a las tres y cuarto de la tarde"),
    ("a las 8:30 a. m.", "a las ocho y media de la mañana"),
    ("1.º piso", "primer piso"),
    ("2ª planta", "segunda planta"),
    ("el 1er curso", "el primer curso"),
    ("3.º ESO", "tercero e S o"),
    ("10-20 horas", "diez a veinte horas"),
    ("5 km", "cinco kilómetros"),
    ("1 kg", "un kilogramo"),
    ("16 GB", "dieciséis gigabytes"),
    ("120 km/h", "ciento veinte kilómetros por hora"),
    ("20 °C", "veinte grados centígrados"),
    ("-5 grados", "menos cinco grados"),
    ("1/2 litro", "un medio litro"),
    ("3/4 partes", "tres cuartos partes"),
    ("C++ y C#", "ce más más y ce sharp"),
    ("Node.js y JavaScript", "noud J S y yava escript"),
    ("SQL y AWS", "S Q L y a uve doble S"),
    ("el Dr. Pérez y la Sra. Gómez", "el doctor Pérez y la señora Gómez"),
    ("EE. UU. y la UE", "Estados Unidos y la u e"),
    ("p. ej. Python", "por ejemplo páiton"),
    ("la ONU y la OTAN", "la Onu y la Otan"),
    ("Visita https://www.ejemplo.com/ya.", "Visita ejemplo punto com."),
    ("ana@correo.es", "ana arroba correo punto es"),
    ("**Hola** 🎉", "Hola "),
    ("I+D", "i más de"),
    ("24/7", "veinticuatro siete"),
    ("nº 5", "número cinco"),
    ("Python 3.12", "páiton tres punto doce"),
    ("machine learning e IA", "machín lérnin e i a"),
    ("100 USD", "cien dólares"),
    ("2 millones de €", "dos millones de euros"),
    ("5 + 3 = 8", "cinco más tres igual a ocho"),
    ("10 personas, 1 persona", "diez personas, una persona"),
    ("007", "cero cero siete"),
]


@pytest.mark.parametrize(("written", "spoken"), CASES)
def test_reads(written: str, spoken: str) -> None:
    assert normalize(written, "es").text == spoken
