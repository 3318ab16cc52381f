"""`python -m bot.texts`: this module lists the sentences that a language still lacks, with their English words."""

import sys

from bot.texts import DEFAULT_LANGUAGE, languages, sentences, untranslated


def main() -> int:
    """Print one line for each missing sentence; return 1 when there is any."""
    missing = [(language, key) for language in languages() for key in untranslated(language)]
    for language, key in missing:
        sys.stdout.write(f"{language}  {key}: {sentences(DEFAULT_LANGUAGE)[key]}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
