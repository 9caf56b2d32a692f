/** A line on each function, type and constant of `np`, by its name; methods of arrays say what the function says. */

export const numpyDocs = `
array: An array of a number, a list or lists of lists; a copy of what is an array already.
asarray: As array, but an array that is one already stays the same object.
asanyarray: The same as asarray.
ascontiguousarray: The array in C order without gaps; a copy only where it is not.
copy: A copy in memory of its own.
zeros: An array of this shape filled with 0.
empty: An array of this shape; the lab fills it with 0.
ones: An array of this shape filled with 1.
full: An array of this shape filled with one value.
zeros_like: Zeros in the shape and dtype of another array.
empty_like: As zeros_like; the lab fills it with 0.
ones_like: Ones in the shape and dtype of another array.
full_like: One value in the shape and dtype of another array.
arange: Numbers from start up to, not including, stop, a step apart.
linspace: A number of values evenly spaced from start to stop, both included.
geomspace: A number of values, each the same number of times the one before, both ends included.
logspace: A number of values evenly spaced as powers of a base.
eye: A matrix with ones on one diagonal and zeros elsewhere.
identity: The square matrix with ones on its main diagonal.
tri: Ones at and below a diagonal.
tril: The part at and below a diagonal, the rest 0.
triu: The part at and above a diagonal, the rest 0.
diag: The diagonal of a matrix, or a matrix with this diagonal.
diagflat: A matrix with these elements on its diagonal, and 0 elsewhere.
vander: The powers of each value in a row, the highest first.
diagonal: A diagonal, as a view that can only be read.
meshgrid: From coordinates along each axis the coordinates of every point.
indices: The row numbers, the column numbers, … of an array of this shape.
ix_: From a list for each axis the index of every combination of them.
mgrid: In square brackets, a slice for each axis: the coordinates of every point, as one array. A step of 5j means five points.
ogrid: In square brackets, a slice for each axis: coordinates that broadcast to the grid.
r_: In square brackets, slices, numbers and arrays: all of them in a row.
c_: In square brackets, arrays: each as columns, side by side.
s_: In square brackets: the index itself.
diag_indices: The places of the main diagonal.
tril_indices: The places at and below a diagonal of an n by m matrix.
triu_indices: The places at and above a diagonal of an n by m matrix.
tril_indices_from: The same for a matrix of this shape.
triu_indices_from: The same for a matrix of this shape.
fromiter: An array of the values of an iterable.
fromfunction: Calls a function with the index arrays of a shape.
vectorize: A function of single values as one of arrays, called once for each element.
apply_along_axis: Calls a function with each 1-D slice along an axis.
add: The sum of each pair of elements.
subtract: The difference of each pair of elements.
multiply: The product of each pair of elements.
true_divide: The quotient of each pair of elements, as a float.
divide: The quotient of each pair of elements, as a float.
floor_divide: The quotient rounded down.
remainder: The remainder with the sign of the divisor, as % gives it.
mod: The remainder with the sign of the divisor, as % gives it.
fmod: The remainder with the sign of the dividend, as C gives it.
power: The first to the power of the second.
pow: The first to the power of the second.
float_power: The first to the power of the second, in float64.
maximum: The larger of each pair of elements; not-a-number wins.
minimum: The smaller of each pair of elements; not-a-number wins.
fmax: The larger of each pair; not-a-number only where both are.
fmin: The smaller of each pair; not-a-number only where both are.
arctan2: The angle of the point (x2, x1), in radians.
atan2: The angle of the point (x2, x1), in radians.
hypot: The hypotenuse of a right triangle of these sides.
logaddexp: log(exp(x1) + exp(x2)) without overflow.
copysign: The size of the first with the sign of the second.
equal: Where the elements are equal.
not_equal: Where the elements differ.
less: Where the first is less than the second.
less_equal: Where the first is at most the second.
greater: Where the first is greater than the second.
greater_equal: Where the first is at least the second.
logical_and: Where both are true.
logical_or: Where one is true.
logical_xor: Where exactly one is true.
logical_not: Where it is false.
bitwise_and: The bits both have.
bitwise_or: The bits one has.
bitwise_xor: The bits exactly one has.
left_shift: The bits moved to the left: times 2 to that power.
right_shift: The bits moved to the right: divided by 2 to that power, rounded down.
invert: All bits turned over; of booleans, not.
bitwise_not: All bits turned over; of booleans, not.
bitwise_invert: All bits turned over; of booleans, not.
negative: Each element with the other sign; unsigned ones wrap around.
positive: A copy.
absolute: Each element without its sign.
abs: Each element without its sign.
fabs: Each element without its sign, as a float.
sign: −1, 0 or 1.
square: Each element times itself.
reciprocal: 1 divided by each element; of whole numbers, truncated.
isnan: Where it is not a number.
isinf: Where it is infinite.
isfinite: Where it is neither infinite nor not-a-number.
signbit: Where the sign is minus, −0.0 included.
floor: Rounded down.
ceil: Rounded up.
trunc: Rounded towards 0.
fix: Rounded towards 0.
rint: Rounded to the nearest whole number, halves to the even one.
round: Rounded to some decimals, halves to the even digit.
around: Rounded to some decimals, halves to the even digit.
sqrt: The square root.
cbrt: The cube root.
exp: e to the power of each element.
exp2: 2 to the power of each element.
expm1: exp(x) − 1, exact for small x.
log: The natural logarithm.
log2: The logarithm to base 2.
log10: The logarithm to base 10.
log1p: log(1 + x), exact for small x.
sin: The sine of angles in radians.
cos: The cosine of angles in radians.
tan: The tangent of angles in radians.
arcsin: The angle whose sine this is.
arccos: The angle whose cosine this is.
arctan: The angle whose tangent this is.
asin: The angle whose sine this is.
acos: The angle whose cosine this is.
atan: The angle whose tangent this is.
sinh: The hyperbolic sine.
cosh: The hyperbolic cosine.
tanh: The hyperbolic tangent, from −1 to 1.
arcsinh: The inverse of sinh.
arccosh: The inverse of cosh.
arctanh: The inverse of tanh.
deg2rad: Degrees as radians.
radians: Degrees as radians.
rad2deg: Radians as degrees.
degrees: Radians as degrees.
conjugate: The same: the lab has no complex numbers.
real: The same: the lab has no complex numbers.
clip: Each element, but not below a_min nor above a_max.
where: x where the condition holds, else y; alone, the places where it holds.
isclose: Where two arrays are equal within a tolerance.
nan_to_num: 0 in place of not-a-number, large numbers in place of infinity.
sinc: sin(πx) / (πx), and 1 at 0.
interp: Values at x on straight lines between the points (xp, fp).
sum: The sum of the elements, or of those along an axis.
prod: The product of the elements, or of those along an axis.
mean: The mean of the elements, or of those along an axis.
std: The standard deviation, of the population unless ddof says otherwise.
var: The variance, of the population unless ddof says otherwise.
min: The smallest element, or those along an axis.
max: The largest element, or those along an axis.
amin: The smallest element, or those along an axis.
amax: The largest element, or those along an axis.
ptp: The largest minus the smallest element.
any: Whether any element is true.
all: Whether all elements are true.
argmax: The place of the largest element, counted in C order without an axis.
argmin: The place of the smallest element, counted in C order without an axis.
median: The middle value; of an even number, the mean of the two middle ones.
percentile: The value below which q percent of the elements lie.
quantile: The value below which the share q of the elements lies.
average: The mean, weighted if weights are given.
count_nonzero: How many elements are not 0.
cumsum: The running sum.
cumprod: The running product.
nansum: The sum, not-a-number taken as 0.
nanprod: The product, not-a-number taken as 1.
nanmax: The largest element that is a number.
nanmin: The smallest element that is a number.
nanmean: The mean of the elements that are numbers.
nanvar: The variance of the elements that are numbers.
nanstd: The standard deviation of the elements that are numbers.
nanmedian: The middle value of the elements that are numbers.
nanpercentile: The value below which so many per cent of the elements that are numbers lie.
nanquantile: The value below which this part of the elements that are numbers lies.
nanargmax: The place of the largest element that is a number.
nanargmin: The place of the smallest element that is a number.
nancumsum: Sums of all elements so far, not-a-number counted as 0.
nancumprod: Products of all elements so far, not-a-number counted as 1.
reshape: The same elements in another shape; a view where possible. One length may be −1.
ravel: All elements in one row; a view where possible.
transpose: The axes in reverse or another order; a view.
permute_dims: The axes in reverse or another order; a view.
swapaxes: Two axes changed for each other; a view.
moveaxis: Axes moved to other places; a view.
rollaxis: One axis moved in front of another; a view.
expand_dims: With a new axis of length 1; a view.
squeeze: Without axes of length 1; a view.
atleast_1d: With at least one axis.
atleast_2d: With at least two axes.
atleast_3d: With at least three axes.
flip: In reverse along one axis or all; a view.
flipud: Upside down; a view.
fliplr: Left and right changed; a view.
rot90: Turned by a quarter, counter-clockwise, k times; a view.
roll: Moved along an axis; what leaves at one end comes in at the other.
resize: Another shape, the elements repeated as often as needed.
concatenate: Arrays one after the other along an axis they have.
concat: Arrays one after the other along an axis they have.
stack: Arrays of one shape along a new axis.
vstack: Arrays below each other.
row_stack: Arrays below each other.
hstack: Arrays side by side.
dstack: Arrays behind each other, as channels are.
column_stack: 1-D arrays as the columns of a matrix.
tile: The whole array repeated.
repeat: Each element repeated.
append: Values at the end; a copy.
delete: Without some elements, rows or columns; a copy.
insert: With values before some place; a copy.
split: Equal parts, or parts at these places; views.
array_split: As split, but the parts may differ by one.
vsplit: Parts by rows; views.
hsplit: Parts by columns; views.
dsplit: Parts by the third axis; views.
take: Elements at these places.
take_along_axis: Of each line along an axis the elements at its own places, as argsort gives them.
put: Writes values at these places, counted in C order.
put_along_axis: Writes values into each line along an axis at its own places.
place: Writes values one after the other where the mask is true.
putmask: Writes, where the mask is true, the value of the same place.
copyto: Writes one array into another, or into the part of it that a mask leaves.
fill_diagonal: Writes a value on the main diagonal.
choose: At each place the element of the array whose number stands there.
select: At each place the choice of the first condition that is true.
compress: The elements, or slices along an axis, where the condition is true.
pad: With a border: constant, edge, linear_ramp, maximum, mean, median, minimum, reflect, symmetric, wrap or empty (zeros).
broadcast_to: Seen as if it had this shape; a view that can only be read.
broadcast_arrays: Arrays seen as if all had their common shape.
broadcast_shapes: The shape that arrays of these shapes have together.
unravel_index: Counted places as row, column, ….
packbits: Eight truth values as the bits of one byte each.
unpackbits: The bits of each byte.
binary_repr: A whole number as text in base 2; a negative one with a width as its two's complement.
base_repr: A whole number as text in another base.
can_cast: Whether every number of one dtype becomes one of another by a rule.
ravel_multi_index: From a place on each axis the place in C order.
lib.stride_tricks.sliding_window_view: All windows of a shape, one at each place; a view that can only be read.
sort: Sorted along an axis; a copy.
argsort: The places that would sort it.
lexsort: The places that sort by several keys, the last one first.
searchsorted: Where values would go in to keep an array sorted.
unique: The different values, sorted.
nonzero: The places of elements that are not 0, an array for each axis.
flatnonzero: The places of elements that are not 0, counted in C order.
argwhere: The places of elements that are not 0, a row each.
extract: The elements where the condition holds.
histogram: How many values fall in each bin, and the edges of the bins.
histogram_bin_edges: The edges of the bins that histogram would use.
histogram2d: How many pairs of values fall in each bin of two axes, and the edges of the bins.
bincount: How often each whole number from 0 on occurs.
digitize: The number of the bin each value falls in.
diff: The differences of neighbours, n times.
ediff1d: The differences of neighbours of all elements in one row.
gradient: The slope at each place, from its neighbours; behind f may stand their distance, or the places along each axis.
trapezoid: The area under straight lines between the values.
cross: The vector at right angles to two.
isin: Where an element is among others.
intersect1d: What both have, sorted.
union1d: What one has, sorted.
setdiff1d: What the first has and the second has not, sorted.
setxor1d: What exactly one has, sorted.
array_equal: Whether shape and all elements are the same.
array_equiv: Whether they are equal once they have one shape.
allclose: Whether all elements are equal within a tolerance.
convolve: The convolution of two 1-D arrays, the second one turned over.
correlate: The correlation of two 1-D arrays, the second one as it is.
dot: Of vectors the sum of products; of matrices the matrix product.
matmul: The matrix product, as @; of stacks, one for each pair.
vdot: The sum of products of all elements.
inner: The sum of products along the last axes.
outer: All products of an element of one and an element of the other.
tensordot: The sum of products over some axes of both.
einsum: Sums of products by Einstein's notation: 'ij,jk->ik'.
kron: Every product of an element of one with all of the other.
trace: The sum of a diagonal.
linalg.norm: The length of a vector, or a norm of a matrix.
linalg.det: The determinant.
linalg.inv: The inverse of a square matrix.
linalg.solve: The x for which a @ x is b.
linalg.matrix_power: A square matrix times itself, n times.
exceptions.AxisError: Raised where an array has no such axis.
linalg.LinAlgError: Raised where a matrix is singular or not square.
set_printoptions: How arrays are printed from now on.
array2string: An array as text, with options.
array_str: An array as print shows it.
array_repr: An array as the prompt shows it.
shape: The lengths of the axes.
ndim: How many axes there are.
size: How many elements there are.
iinfo: Smallest and largest number of an integer dtype.
finfo: Smallest, largest and finest number of a float dtype.
dtype: The dtype of this name or type.
result_type: The dtype an operation on these has.
promote_types: The smallest dtype that holds both.
isscalar: Whether it is a single value.
shares_memory: Whether two arrays share an element of memory.
may_share_memory: Whether two arrays look at overlapping stretches of memory.
ndindex: All places of a shape, as tuples.
ndenumerate: All places with their elements.
nditer: All elements in order.
random.seed: Starts the generator anew: the same seed, the same numbers.
random.rand: Evenly spread numbers from 0 up to 1.
random.random: Evenly spread numbers from 0 up to 1.
random.random_sample: Evenly spread numbers from 0 up to 1.
random.randn: Normally spread numbers of mean 0 and deviation 1.
random.standard_normal: Normally spread numbers of mean 0 and deviation 1.
random.normal: Normally spread numbers of this mean and deviation.
random.uniform: Evenly spread numbers from low up to high.
random.randint: Whole numbers from low up to, not including, high.
random.choice: Some of the elements, at random.
random.shuffle: Mixes an array or list where it is.
random.permutation: A mixed copy, or the numbers below n, mixed.
random.RandomState: A generator of its own, with its seed.
bool: True or false, a byte.
int8: Whole numbers from −128 to 127.
int16: Whole numbers from −32768 to 32767.
int32: Whole numbers of 32 bits.
int64: Whole numbers of 64 bits; the default.
uint8: Whole numbers from 0 to 255: the bytes of a picture.
uint16: Whole numbers from 0 to 65535.
uint32: Whole numbers of 32 bits from 0 on.
uint64: Whole numbers of 64 bits from 0 on.
float16: Floats of 16 bits, about 3 digits.
float32: Floats of 32 bits, about 7 digits.
float64: Floats of 64 bits, about 16 digits; the default.
bool_: The same as np.bool.
int_: The same as np.int64.
intp: The same as np.int64.
longlong: The same as np.int64.
uint: The same as np.uint64.
byte: The same as np.int8.
ubyte: The same as np.uint8.
short: The same as np.int16.
ushort: The same as np.uint16.
intc: The same as np.int32.
uintc: The same as np.uint32.
half: The same as np.float16.
single: The same as np.float32.
double: The same as np.float64.
pi: 3.14159…
e: 2.71828…
euler_gamma: 0.57721…
inf: Infinity.
nan: Not a number.
newaxis: In an index, a new axis of length 1.
True_: NumPy's true.
False_: NumPy's false.
`
