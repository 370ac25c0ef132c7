using PeftStudio.Golden.Tokenizers;

namespace PeftStudio.Golden;

/// <summary>Cases computed by the Rust library tokenizers and by sentencepiece; everything is exact.</summary>
[TestFixture]
[Category("Golden")]
public sealed class TokenizerCases
{
    [TestCaseSource(typeof(GoldenCase), nameof(GoldenCase.Of), new object[] { "tokenizers" })]
    public void Tokenizer_agrees_with_the_reference(GoldenCase golden)
    {
        var mismatches = new Mismatches();
        switch (golden.Text("form"))
        {
            case "encode":
                EncodeForm.Check(golden, mismatches);
                break;
            case "post-processors":
                PostProcessorForm.Check(golden, mismatches);
                break;
            case "truncation-padding":
                TruncationForm.Check(golden, mismatches);
                break;
            case "normalizers" or "pre-tokenizers" or "decoders":
                ComponentForms.Check(golden, mismatches);
                break;
            case "sentencepiece":
                SentencePieceForm.Check(golden, mismatches);
                break;
            default:
                golden.SkipAsNotBuilt($"the form '{golden.Text("form")}'");
                break;
        }

        mismatches.AssertNone();
    }
}
