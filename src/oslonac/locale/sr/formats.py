"""Serbian dates, the same in both scripts: "6. 3. 2026." with the full stop of an ordinal.

The full stop goes where another mark follows (Pravopis, rule 184d): "6. 3. 2026, 16:05".
What is not named here is taken from Django.
"""

DATE_FORMAT = "j. n. Y."
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j. n. Y, H:i"
SHORT_DATE_FORMAT = "j. n. Y."
SHORT_DATETIME_FORMAT = "j. n. Y, H:i"
