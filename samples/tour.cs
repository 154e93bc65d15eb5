#:project ../src/Cenote/Cenote.csproj
#:project ../src/Cenote.Audio/Cenote.Audio.csproj
#:project ../src/Cenote.Plotting/Cenote.Plotting.csproj

// A tour of Cenote: dotnet run samples/tour.cs [recording.wav [folder]]
using System.Numerics.Tensors;
using Cenote;
using Cenote.Audio;
using Cenote.Plotting;

string recording = args.Length > 0 ? args[0] : "samples/audio/librivox_sense_0870.wav";
string folder = Directory.CreateDirectory(args.Length > 1 ? args[1] : "out").FullName;

Waveform wave = Waveform.Load(recording, sampleRate: 16000).Slice(1.5, 4.5);
Tensor<float> db = Spectrum.AmplitudeToDb(Spectrum.Magnitude(Spectrum.Stft(wave, nFft: 512, hopLength: 256)));
float[] cells = new float[db.FlattenedLength];
db.FlattenTo(cells);
Tensor<float> x = Tensor.Create(cells, [1, 1, .. db.Lengths]);        // (1, 1, 257, 188)

var max = new MaxPool2d(kernelSize: 2, stride: 2);                    // torch.nn names and defaults
Tensor<float> y = max.Forward(x);                                     // (1, 1, 128, 94)
Tensor<float> mean = Pool.Avg2d(x, kernelSize: (2, 2), stride: 2);    // the same as a function

var window = new Window(kernel: (3, 2)) { Stride = 1, Padding = Padding.Same };
var (values, indices) = Pool.MaxWithIndices(x, window);               // where each maximum is
Tensor<float> l3 = Pool.Reduce(x, window, new Norm<float>(p: 3));     // your own struct fits here too
Pool.Max<float>(x, window, into: values);                             // no allocation

Console.WriteLine(new Sequential(max, new AvgPool2d(2)).Summary(1, 1, 257, 188));
Console.WriteLine(max.Explain(x, 10, 20));                            // slide, select, compute, assign

Heatmap.Of(db, title: "Original Spectrogram", colorbarFormat: "+0 dB;-0 dB").SavePng(Path.Combine(folder, "tour.png"));

Console.WriteLine($"{Shape.Format(x.Lengths)} -> {Shape.Format(y.Lengths)}, {Shape.Format(mean.Lengths)}, {Shape.Format(indices.Lengths)}, {Shape.Format(l3.Lengths)}");
