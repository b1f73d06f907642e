"""What the collector says of settings that it does not take."""


def expect_refusals(company, setting, cases):
    """Each case: the text of a setting below `ledger:`, and a part of the refusal in English and in Chinese."""
    for text, en, zh in cases:
        (company.collector_state / "collector.yaml").write_text(f"ledger:\n  {setting}: {text}\n")
        for language, words in (("en", en), ("zh-TW", zh)):
            company.run("assay-collector", "--lang", language, "serve", "--state", company.collector_state, "--listen",
                        "127.0.0.1:0", "--api-listen", "127.0.0.1:0", code=78)
            assert words in company.errors, company.errors
