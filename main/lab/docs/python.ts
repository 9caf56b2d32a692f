/** A line on each method of an array that no function of `np` explains, and on everything of Python's, PIL's and Matplotlib's. */

export const pythonDocs = `
ndarray.flatten: All elements in one row; a copy.
ndarray.astype: A copy of another dtype: floats are truncated to whole numbers, which wrap around.
ndarray.view: The same memory, seen anew or as another dtype.
ndarray.tolist: The elements as Python's own numbers, in lists of lists.
ndarray.item: One element as Python's own number.
ndarray.fill: Sets every element to one value.
ndarray.sort: Sorts the array where it is.
ndarray.conj: The same: the lab has no complex numbers.
ndarray.dtype: The type of its elements.
ndarray.itemsize: Bytes of one element.
ndarray.nbytes: Bytes of all elements.
ndarray.strides: Bytes from one element to the next, along each axis.
ndarray.base: The array whose memory it looks at; None if its own.
ndarray.T: The axes in reverse order; a view.
ndarray.flat: All elements one after the other, in C order; to be read and written by index.
ndarray.flags: How it lies in memory (c_contiguous, f_contiguous, owndata), and whether it may be written (writeable).
ndarray.imag: The imaginary part: zeros, as the lab has no complex numbers.
ndarray.mT: The last two axes exchanged; a view.
ndarray.conjugate: The same: the lab has no complex numbers.
BaseException: What all exceptions are.
KeyboardInterrupt: Raised where a program is stopped.
SystemExit: Raised to end a program.
Exception: What all exceptions are that a program handles.
ArithmeticError: An error of arithmetic.
ZeroDivisionError: Raised by a division by 0.
OverflowError: Raised by a number that is too large.
FloatingPointError: An error of floating-point arithmetic.
AssertionError: Raised by assert.
AttributeError: Raised where a value has no such attribute.
EOFError: Raised at the end of input.
ImportError: Raised where a name cannot be imported.
ModuleNotFoundError: Raised where there is no such module.
LookupError: Raised where an index or key is not there.
IndexError: Raised where an index is out of range.
KeyError: Raised where a dict has no such key.
MemoryError: Raised where there is not enough memory.
NameError: Raised where a name has no value.
UnboundLocalError: Raised where a local name has no value yet.
OSError: An error of the operating system.
FileNotFoundError: Raised where there is no such picture.
RuntimeError: An error of no other kind.
NotImplementedError: Raised by what is not there yet.
RecursionError: Raised where calls go too deep.
StopIteration: Raised at the end of an iterator.
SyntaxError: Told where a program cannot be read.
TabError: Raised for lines that are indented by tabs here and by spaces there.
IndentationError: Told where lines are not indented as they should.
TypeError: Raised where a value is of the wrong type.
ValueError: Raised where a value is of the right type but wrong.
UnicodeError: An error of text.
Warning: What all warnings are.
RuntimeWarning: A warning about what a program does.
DeprecationWarning: A warning about what will go.
int: A whole number of any size, of a number or text.
float: A number with a fraction, of a number or text.
bool: True or False.
str: The text of a value, as print shows it.
list: A list of the items of an iterable.
tuple: A tuple of the items of an iterable.
set: The different items of an iterable.
dict: Keys with values.
range: Whole numbers from start up to, not including, stop.
slice: What stands between square brackets: start, stop, step.
print: Writes values, with spaces between and a new line after.
len: How many items there are; of an array, the length of its first axis.
abs: A number without its sign.
repr: A value as it would be typed.
ascii: As repr, in ASCII alone.
format: A value as text, by a format such as '.2f'.
callable: Whether it can be called.
hash: A whole number that equal values share.
chr: The character of a code.
ord: The code of a character.
bin: A whole number in binary.
oct: A whole number in octal.
hex: A whole number in hexadecimal.
round: A number rounded to some decimals, halves to the even digit.
pow: A number to a power, by a modulus if one is given.
divmod: Quotient rounded down, and remainder.
sum: The sum of the items.
min: The smallest of the items.
max: The largest of the items.
any: Whether any item is true.
all: Whether all items are true.
sorted: The items in order, as a list.
reversed: The items in reverse.
enumerate: The items with their numbers.
zip: Items of several iterables together, as tuples.
map: A function of each item.
filter: The items for which a function is true.
iter: An iterator of a value.
next: The next item of an iterator.
isinstance: Whether a value is of a type.
issubclass: Whether a type is a kind of another.
type: The type of a value.
__name__: The name of the program.
str.upper: In capital letters.
str.lower: In small letters.
str.casefold: In small letters, for comparing.
str.capitalize: The first letter a capital.
str.title: Each word with a capital.
str.swapcase: Small letters as capitals, capitals small.
str.strip: Without space, or these characters, at both ends.
str.lstrip: Without space, or these characters, at the left.
str.rstrip: Without space, or these characters, at the right.
str.split: The parts between separators.
str.rsplit: As split, from the right.
str.splitlines: The lines.
str.join: Texts put together with this one between.
str.replace: One text for another, everywhere.
str.startswith: Whether it begins so.
str.endswith: Whether it ends so.
str.find: The place of a text in it, or −1.
str.rfind: The last place of a text in it, or −1.
str.index: The place of a text in it.
str.rindex: The last place of a text in it.
str.count: How often a text is in it.
str.ljust: Filled up on the right.
str.rjust: Filled up on the left.
str.center: Filled up on both sides.
str.zfill: Filled up with zeros on the left.
str.isdigit: Whether all are digits.
str.isdecimal: Whether all are decimal digits.
str.isnumeric: Whether all are numbers.
str.isalpha: Whether all are letters.
str.isalnum: Whether all are letters or digits.
str.isspace: Whether all is space.
str.isupper: Whether all letters are capitals.
str.islower: Whether all letters are small.
str.isidentifier: Whether it can be a name.
str.removeprefix: Without this beginning.
str.removesuffix: Without this end.
str.partition: What is before a separator, the separator, and what is after.
str.rpartition: As partition, at the last separator.
str.format: With values in place of {}.
list.append: Adds an item at the end.
list.extend: Adds all items of an iterable at the end.
list.insert: Adds an item before a place.
list.pop: Takes an item out, the last one if none is named.
list.remove: Takes the first equal item out.
list.clear: Takes all items out.
list.index: The place of an item.
list.count: How often an item is in it.
list.sort: Puts the items in order, where they are.
list.reverse: Turns the order of the items over, where they are.
list.copy: A list of the same items.
dict.keys: Its keys.
dict.values: Its values.
dict.items: Its keys with their values.
dict.get: The value of a key, or a default.
dict.pop: Takes a key out and gives its value.
dict.popitem: Takes the last key out, with its value.
dict.setdefault: The value of a key, set to a default where there is none.
dict.update: Takes over the keys and values of another.
dict.clear: Takes all keys out.
dict.copy: A dict of the same keys and values.
set.add: Adds an item.
set.discard: Takes an item out, if it is there.
set.remove: Takes an item out.
set.union: What one or the other has.
set.intersection: What both have.
set.difference: What it has and the other has not.
set.symmetric_difference: What exactly one has.
set.issubset: Whether the other has all of it.
set.issuperset: Whether it has all of the other.
set.isdisjoint: Whether they share nothing.
set.update: Adds all items of another.
set.copy: A set of the same items.
tuple.index: The place of an item.
tuple.count: How often an item is in it.
Image.resize: Another size, (width, height), as Pillow resamples: BICUBIC unless said otherwise.
Image.convert: Another mode: 'L' is grey by BT.601 luma, 'RGB' three channels, 'RGBA' with opacity.
Image.crop: The part inside (left, top, right, bottom).
Image.copy: A copy.
Image.load: Nothing: a picture of the lab is loaded.
Image.close: Nothing: a picture of the lab has no file.
Image.getpixel: The value at (x, y).
Image.getbands: The names of its channels.
Image.size: Width and height, in this order.
Image.width: Its width in pixels.
Image.height: Its height in pixels.
Image.mode: '1', 'L', 'LA', 'RGB', 'RGBA' or 'P' (a palette).
Image.format: The format of its file.
Image.NEAREST: Resampling: the nearest pixel.
Image.LANCZOS: Resampling: windowed sinc over three pixels.
Image.BILINEAR: Resampling: straight lines between pixels.
Image.BICUBIC: Resampling: cubic curves between pixels.
Image.Resampling: The resamplings by name.
Image.open: A picture of the gallery, by its name.
Image.fromarray: A picture of an array of bytes.
Axes.imshow: Shows an array as a picture.
Axes.set_title: A title above the picture.
Axes.axis: Nothing: the lab draws no axes.
Axes.set_axis_off: Nothing: the lab draws no axes.
Figure.suptitle: A title above the figure.
Figure.tight_layout: Nothing: the lab lays figures out by itself.
Figure.colorbar: Nothing: the range stands below each picture.
Axes.set_xticks: Nothing: the lab draws no axes.
Axes.set_yticks: Nothing: the lab draws no axes.
plt.figure: Begins a figure.
plt.imshow: Shows an array as a picture: (h, w) by a colour map, (h, w, 3) in its own colours.
plt.title: A title above the picture.
plt.suptitle: A title above the figure.
plt.subplot: The place in a grid where the next picture goes.
plt.subplots: A figure with a grid of places.
plt.show: Shows the figure.
plt.axis: Nothing: the lab draws no axes.
plt.xticks: Nothing: the lab draws no axes.
plt.yticks: Nothing: the lab draws no axes.
plt.tight_layout: Nothing: the lab lays figures out by itself.
plt.colorbar: Nothing: the range stands below each picture.
plt.close: Gives the figure up.
and: Both are true; the second is not looked at where the first is false.
as: Gives an import or exception a name.
assert: Raises AssertionError where something does not hold.
break: Leaves the loop.
continue: Goes on with the next turn of the loop.
def: Defines a function.
del: Removes a name or an item.
elif: Another condition of an if.
else: What is done where no condition holds.
except: What is done where an exception is raised.
False: Not true.
finally: What is done in any case.
for: A loop over the items of something.
from: Imports names of a module.
global: Says that a name is the program's.
if: What is done where a condition holds.
import: Makes a module known: numpy, PIL or matplotlib.pyplot.
in: Whether an item is in something.
is: Whether two are the same object.
lambda: A function in one expression.
None: No value.
nonlocal: Says that a name is the function's around this one.
not: True where something is false.
or: One is true; the second is not looked at where the first is true.
pass: Does nothing.
raise: Raises an exception.
return: Leaves a function with a value.
True: True.
try: Begins what may raise an exception.
while: A loop as long as a condition holds.
`
