import Foundation

/// Models trained on code: terse, no prose, every spelling of a number, loops and macros.
extension VoicedSnippet {
    static let code: [VoicedSnippet] = codeNumbers + codeLoops + codeMacros + codeRefused

    private static func one(
        _ body: String, _ meaning: @escaping @Sendable (Double) -> Double
    ) -> VoicedSnippet { .accepted(body, "float activation(float x){\(body)}", meaning) }

    private static let codeNumbers: [VoicedSnippet] = [
        one("return 1.f*x+.5f;") { $0 + 0.5 },
        one("return .5*x+1e-3F;") { 0.5 * $0 + 1e-3 },
        one("return 0x1.8p1f*x;") { 3 * $0 },
        one("return 0x1p-2*x+0x10;") { 0.25 * $0 + 16 },
        one("return x*1E+1f-2.e0;") { 10 * $0 - 2 },
        one("return (float)(0.5*(double)x);") { 0.5 * $0 },
        one("float const k=2;return k*x;") { 2 * $0 },
        one("unsigned n=3u;unsigned long m=2UL;size_t q=1;return x*n+m+q;") { 3 * $0 + 3 },
        one("long double a=1.5L;return a*x;") { 1.5 * $0 },
        one("_Bool p=x>0;bool q=true;return p&&q?x:false;") { max($0, 0) },
        one("register float t=x;auto_t: ;return t;".replacing("auto_t: ;", with: "")) { $0 },
        one("return fmax(x,0)+fmaxf(x,0)+fmin(x,0.);") { 2 * max($0, 0) + min($0, 0) },
        one("return fabs(x)+fabsf(x)+abs(-3);") { 2 * abs($0) + 3 },
        one("return x<-INFINITY?0:x<HUGE_VALF?x:1;") { $0 },
        one("return x*M_PI-M_E+M_SQRT2*M_LN2;") { $0 * .pi - M_E + 2.0.squareRoot() * M_LN2 },
        one("return powf(x,2)+pow(x,3.0);") { $0 * $0 + $0 * $0 * $0 },
        one("return x>2?2:x>1?1.5:x>0?x:x>-1?x/2:-.5;") {
            $0 > 2 ? 2 : $0 > 1 ? 1.5 : $0 > 0 ? $0 : $0 > -1 ? $0 / 2 : -0.5
        },
        one("return x+(x>0)-(x<0)+!x;") { $0 + ($0 > 0 ? 1 : $0 < 0 ? -1 : 1) },
        one("return +x- -x;") { 2 * $0 },
        one("return 7/2*x+7%4+7/2.f;") { 3 * $0 + 3 + 3.5 },
    ]

    private static let codeLoops: [VoicedSnippet] = [
        one("int k=3;float s=0;while(k-->0)s+=x*k;return s;") { 3 * $0 },
        one("int k=3;float s=0;while(--k)s+=x*k;return s;") { 3 * $0 },
        one("int k=0;float s=0;do s+=x*k;while(++k<3);return s;") { 3 * $0 },
        one("int k=3;float s=0;do{s+=k;}while(k-->1);return s*x;") { 6 * $0 },
        one("float s=0;for(int i=4;i--;)s=s*x+i;return s;") { ((3 * $0 + 2) * $0 + 1) * $0 },
        one("float s=0;for(int i=0,j=4;i<j;++i,--j)s+=x*(j-i);return s;") { 6 * $0 },
        one("int i,j;float s=0;for(i=0,j=1;i<3;i++,j*=2)s+=j;return s*x;") { 7 * $0 },
        one("float c[]={1,.5f,.25f},y=0;int i=0;y+=c[i++];y+=c[i++]*x;y+=c[i++]*x*x;return y;") {
            1 + 0.5 * $0 + 0.25 * $0 * $0
        },
        one("static const float c[4]={.25f,-1,0,2};float y=0;for(int i=3;i>=0;i--)y=y*x+c[i];return y;") {
            (2 * $0 * $0 - 1) * $0 + 0.25
        },
        one("float a,b,c;a=b=c=x;return a+b*c;") { $0 + $0 * $0 },
        one("float a=1,b=2;a+=b*=x;return a+b;") { 1 + 4 * $0 },
        one("float a=0,b=0;a=x,b=2*x;return a*b;") { 2 * $0 * $0 },
        one("float y=x;for(int i=0;;i++){if(i==3)break;y=tanhf(y);}return y;") { tanh(tanh(tanh($0))) },
        one("float y=0;int n=0;while(true){if(++n>4)break;if(n%2)continue;y+=x/n;}return y;") { 0.75 * $0 },
        one("float y=x;for(;;){y+=1;break;}return y;") { $0 + 1 },
        one("float s=0;for(int i=0;i<6;i++){switch(i%3){case 0:s+=x;break;case 1:continue;default:s-=1;}}return s;") {
            2 * $0 - 2
        },
        one("float y=1;switch(3){case 3:y+=x;case 2:y*=2;break;case 1:y=9;}return y;") { 2 + 2 * $0 },
        one("switch(x>0){case 1:return x;default:return .1f*x;}") { $0 > 0 ? $0 : 0.1 * $0 },
        one("int k=(int)floorf(x);switch(k){case 0:return x;case 1:return 2-x;}return 0;") {
            $0.rounded(.down) == 0 ? $0 : $0.rounded(.down) == 1 ? 2 - $0 : 0
        },
        one("int k=1;float y=0;switch(k){case 1:if(x>0)break;y=x;break;case 0:y=5;}return y;") { min($0, 0) },
    ]

    private static let codeMacros: [VoicedSnippet] = [
        .accepted(
            "max and min as macros",
            "#define max(a,b) ((a)>(b)?(a):(b))\n#define min(a,b) ((a)<(b)?(a):(b))\nfloat activation(float x){return max(0,min(x,6))/6;}"
        ) { max(0, min($0, 6)) / 6 },
        .accepted(
            "a macro without parentheses means what C makes of it",
            "#define SQ(a) a*a\nfloat activation(float x){return SQ(x+1);}"
        ) { $0 + $0 + 1 },
        .accepted(
            "a constant without parentheses means what C makes of it",
            "#define ONE_MORE 1.0f + 1.0f\nfloat activation(float x){return x*ONE_MORE;}"
        ) { $0 + 1 },
        .accepted(
            "macros that use macros",
            "#define S(z) (1/(1+expf(-(z))))\n#define SW(z) ((z)*S(z))\nfloat activation(float x){return SW(SW(x));}"
        ) { x in
            let y = x * sigmoid(x)
            return y * sigmoid(y)
        },
        .accepted(
            "a macro of several statements",
            "#define STEP(v) do { v = v * 0.5f; v += 1; } while (0)\nfloat activation(float x){float y=x;STEP(y);STEP(y);return y;}"
        ) { ($0 * 0.5 + 1) * 0.5 + 1 },
        .accepted(
            "a macro over two lines",
            "#define POLY(x) \\\n  ((x) * ((x) + \\\n  2.0f))\nfloat activation(float x){return POLY(x);}"
        ) { $0 * ($0 + 2) },
        .accepted(
            "a number type as a macro",
            "#define T float\n#define FN static inline\nFN T h(T a){return a*a;}\nT activation(T x){return h(x);}"
        ) { $0 * $0 },
        .accepted(
            "conditional compilation",
            "#define FAST 1\n#ifdef FAST\n#define F(z) ((z)*0.5f)\n#else\n#define F(z) broken broken\n#endif\n#if 0\nnonsense here(\n#endif\nfloat activation(float x){return F(x);}"
        ) { 0.5 * $0 },
        .accepted(
            "attributes and qualifiers",
            "__attribute__((always_inline, pure)) static inline float h(float const v){return v+1;}\n[[nodiscard]] extern float activation(const float x){return h(x);}"
        ) { $0 + 1 },
        .accepted(
            "Allman with tabs",
            "float\nactivation(float x)\n{\n\tif (x > 0)\n\t{\n\t\treturn x;\n\t}\n\telse\n\t{\n\t\treturn 0.25f * x;\n\t}\n}"
        ) { $0 > 0 ? $0 : 0.25 * $0 },
    ]

    private static let codeRefused: [VoicedSnippet] = [
        .refused(
            "several mistakes, all told", "float activation(float *x) { for(;;) {} return sine(x) + ; }",
            (1, "pointers are not available"), (1, "this loop has no end"), (1, "unknown function 'sine'"),
            (1, "expected a value, found ';'")),
        .refused(
            "what only evaluation finds, with an unknown name",
            "float activation(float x){\nfloat y;\nfloat z=y+x;\nreturn z+qux;}",
            (3, "'y' is read before it has a value"),
            (4, "unknown name 'qux'")),
        .refused(
            "switch on a float", "float activation(float x){switch(x){case 0:return 1;default:return x;}}",
            (1, "switch works on int")),
        .refused(
            "a case that is no constant",
            "float activation(float x){int k=1;\nswitch(k){case x:return 1;default:return x;}}",
            (2, "a case needs a constant int")),
        .refused(
            "a case twice",
            "float activation(float x){int k=1;\nswitch(k){case 1:return x;\ncase 1:return 1;}return x;}",
            (3, "this case stands twice")),
        .refused(
            "a macro with too few arguments",
            "#define LERP(a,b,t) ((a)+(t)*((b)-(a)))\nfloat activation(float x){return LERP(x,1.0f);}",
            (2, "macro 'LERP' takes 3 arguments, found 2")),
        .refused(
            "a macro that pastes", "#define CAT(a,b) a##b\nfloat activation(float x){return CAT(tan,hf)(x);}",
            (1, "# and ## in a macro are not available")),
        .refused(
            "macros without end",
            "#define A B B B B B B B B\n#define B C C C C C C C C\n#define C D D D D D D D D\n#define D E E E E E E E E\n#define E x+\nfloat activation(float x){return A x;}",
            (6, "grows too large")),
        .refused(
            "a union for bits",
            "float activation(float x){union{float f;int i;}u;u.f=x;\nreturn x & 1;}", (1, "'union' is not available"),
            (2, "&")),
        .refused(
            "an endless while", "float activation(float x){while(1){x*=0.5f;}\nreturn x;}", (1, "this loop has no end")),
        .refused(
            "a loop until x is small", "float activation(float x){\nwhile(x>1)x*=0.5f;\nreturn x;}",
            (2, "how often this loop runs depends on x")),
        .refused(
            "a call of what was left out",
            "float helper(float*p){return *p;}\nfloat activation(float x){return helper(&x);}",
            (1, "pointers are not available"), (2, "the address operator & is not available")),
        .refused(
            "a change that C may skip", "float activation(float x){int k=2;\nif(x>0&&k-->0)return x;\nreturn k;}",
            (2, "'--' is a statement of its own")),
        .refused(
            "a trip count that is too high",
            "float activation(float x){float s=0;\nfor(int i=0;i<5000;i++)s+=x*i;return s;}",
            (2, "more than 1024 times")),
        .refused(
            "recursion", "float f(float x,int n){return n?f(x*0.5f,n-1):x;}\nfloat activation(float x){return f(x,3);}",
            (1, "recursion is not available")),
        .refused("shifts", "float activation(float x){return x*(1<<3);}", (1, "bit operators are not available")),
    ]
}
