namespace Sanbashi.Cli.Terminal;

/// <summary>Finds the word that somebody meant.</summary>
internal static class Spelling
{
    // Two edits find swapped, missing and doubled letters without guessing at other words.
    private const int FurthestEdits = 2;

    /// <summary>The known word that is nearest; null when none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var nearest = known.Select(candidate => (Word: candidate, Distance: Distance(word, candidate))).OrderBy(candidate => candidate.Distance).FirstOrDefault();
        return nearest.Word is not null && nearest.Distance <= FurthestEdits && nearest.Distance < word.Length ? nearest.Word : null;
    }

    /// <summary>How many letters have to be put in, taken away or exchanged.</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
