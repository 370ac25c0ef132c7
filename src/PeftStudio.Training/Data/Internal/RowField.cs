namespace PeftStudio.Training.Data.Internal;

/// <summary>The value of one field of a row, whatever format it came from.</summary>
/// <param name="Text">The text, if the field holds one.</param>
/// <param name="Numbers">The whole numbers, if it holds a list of them; true and false count as 1 and 0.</param>
/// <param name="IsList">Whether it is a list of anything.</param>
/// <param name="Description">What it is instead, for messages.</param>
internal readonly record struct RowField(string? Text, int[]? Numbers, bool IsList, string Description)
{
    internal static RowField OfText(string text) => new(text, null, false, "text");

    internal static RowField OfNumbers(int[] numbers) => new(null, numbers, true, "a list of whole numbers");

    internal static RowField Other(string description, bool isList = false) => new(null, null, isList, description);
}
