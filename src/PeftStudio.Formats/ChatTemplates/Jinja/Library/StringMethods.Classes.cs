using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <content>The <c>is…</c> methods.</content>
internal static partial class StringMethods
{
    /// <summary>All cased letters are small, and there is one.</summary>
    internal static bool IsLower(string text) =>
        Every(text, static value => !CharacterClasses.IsUpper(value) && !CharacterClasses.IsTitle(value)) && Some(text, CharacterClasses.IsLower);

    /// <summary>All cased letters are capitals, and there is one.</summary>
    internal static bool IsUpper(string text) =>
        Every(text, static value => !CharacterClasses.IsLower(value) && !CharacterClasses.IsTitle(value)) && Some(text, CharacterClasses.IsUpper);

    private static Method All(Func<int, bool> test) => (call, arguments) =>
        Nothing(call, arguments) ?? (call.Text.Length > 0 && Every(call.Text, test));

    private static bool IsTitle(string text)
    {
        var (inWord, any) = (false, false);
        for (var i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            var value = CodePoints.ValueAt(text, i);
            var capital = CharacterClasses.IsUpper(value) || CharacterClasses.IsTitle(value);
            var cased = capital || CharacterClasses.IsLower(value);
            if (cased && capital == inWord) return false;
            inWord = cased;
            any |= cased;
        }

        return any;
    }

    private static bool Every(string text, Func<int, bool> test)
    {
        for (var i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            if (!test(CodePoints.ValueAt(text, i))) return false;
        }

        return true;
    }

    private static bool Some(string text, Func<int, bool> test) => !Every(text, value => !test(value));
}
