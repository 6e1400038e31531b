Console.WriteLine("sanbashi");
