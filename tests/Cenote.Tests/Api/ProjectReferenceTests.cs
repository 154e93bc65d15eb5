using System.Xml.Linq;
using Cenote.Tests.Golden;

namespace Cenote.Tests.Api;

/// <summary>The house: libraries know no sibling, only the programs know them, nothing knows the programs.</summary>
public class ProjectReferenceTests
{
    private static readonly string[] Programs = ["Cenote.Cli", "Cenote.Web"];

    [Fact]
    public void Libraries_reference_no_sibling_and_nothing_references_a_program()
    {
        string source = GoldenFile.InRepository("src");
        string[] projects = Directory.GetFiles(source, "*.csproj", SearchOption.AllDirectories);
        Assert.True(projects.Length >= 4);
        foreach (string project in projects)
        {
            string name = Path.GetFileNameWithoutExtension(project);
            string[] references = [.. XDocument.Load(project).Descendants("ProjectReference").Select(one => Path.GetFileNameWithoutExtension((string)one.Attribute("Include")!))];
            if (Programs.Contains(name)) Assert.DoesNotContain(references, reference => Programs.Contains(reference));
            else Assert.Empty(references);
        }
    }

    [Fact]
    public void Cenote_depends_on_tensors_alone()
    {
        XDocument project = XDocument.Load(GoldenFile.InRepository("src/Cenote/Cenote.csproj"));
        Assert.Equal(["System.Numerics.Tensors"], project.Descendants("PackageReference").Select(one => (string)one.Attribute("Include")!));
    }
}
