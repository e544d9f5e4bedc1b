/**
 * Which problems the sources can answer, found by following what calls what from an operation on: every `new Refused('…')` (and its kin of
 * libs/kernel/src/errors.ts) that can be reached. It finds more than happens, never less: where it cannot follow, it throws.
 */
import path from 'node:path';
import ts from 'typescript';
import { files, ROOT } from '../checks/repository.mjs';

const ERRORS = 'libs/kernel/src/errors.ts';
const LITERALS = ts.TypeFlags.StringLiteral;

/** program reads all sources of the libraries as the compiler does; nothing is built. */
function programOf() {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const sources = files('libs/*/src/**/*.ts', 'libs/*/src/*.ts').filter(
    (file) => !/\.(spec|contract)\.ts$|\/testing\//.test(file),
  );
  return ts.createProgram(
    sources.map((file) => path.join(ROOT, file)),
    { ...options, composite: false, noEmit: true },
  );
}

export const fileOf = (node) => path.relative(ROOT, node.getSourceFile().fileName);

/** Sources are the sources of all libraries, and what each of their functions throws and leads to. */
export class Sources {
  constructor() {
    this.program = programOf();
    this.checker = this.program.getTypeChecker();
    this.own = this.program.getSourceFiles().filter((file) => /^libs\//.test(fileOf(file)));
    this.heirs = this.heirsOf();
    this.known = new Map();
  }

  /** walk gives each node below a node, itself included, without types. */
  *walk(node) {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    yield node;
    const below = [];
    ts.forEachChild(node, (child) => void below.push(child));
    for (const child of below) yield* this.walk(child);
  }

  /** declarationsOf what a name stands for: where it is declared in a source of ours. */
  declarationsOf(name) {
    let symbol = ts.isShorthandPropertyAssignment(name.parent)
      ? this.checker.getShorthandAssignmentValueSymbol(name.parent)
      : this.checker.getSymbolAtLocation(name);
    if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = this.checker.getAliasedSymbol(symbol);
    return (symbol?.declarations ?? []).filter((one) => /^libs\/.*(?<!\.d)\.ts$/.test(fileOf(one)));
  }

  classNamed(file, name) {
    const source = this.own.find((one) => fileOf(one) === file);
    const found = source?.statements.find((one) => ts.isClassDeclaration(one) && one.name?.text === name);
    if (!found) throw new Error(`${file} declares no class ${name}`);
    return found;
  }

  functionNamed(file, name) {
    const source = this.own.find((one) => fileOf(one) === file);
    const found = source?.statements.find((one) => ts.isFunctionDeclaration(one) && one.name?.text === name);
    if (!found) throw new Error(`${file} declares no function ${name}`);
    return found;
  }

  memberOf(type, name) {
    const found = type.members.find((one) => one.name?.getText() === name);
    if (!found) throw new Error(`${type.name?.text} has no ${name}`);
    return found;
  }

  /** factsOf a declaration: what it throws itself, which declarations it leads to, and its calls. */
  factsOf(declaration) {
    let facts = this.known.get(declaration);
    if (facts) return facts;
    this.known.set(declaration, (facts = { problems: [], passed: undefined, leadsTo: new Set(), calls: [] }));
    for (const node of this.walk(declaration)) {
      if (node !== declaration && ts.isNewExpression(node)) this.thrown(node, declaration, facts);
      if (ts.isCallExpression(node)) facts.calls.push(node);
      const isName = ts.isIdentifier(node) || ts.isPrivateIdentifier(node);
      if (isName) for (const one of this.led(node)) if (one !== declaration) facts.leadsTo.add(one);
    }
    return facts;
  }

  /** led gives what runs when a name is used: functions, and constants that hold some. */
  led(name) {
    return this.declarationsOf(name).flatMap((one) => {
      if (ts.isClassDeclaration(one)) {
        const isMade = ts.isNewExpression(name.parent) && name.parent.expression === name;
        return isMade ? one.members.filter((member) => ts.isConstructorDeclaration(member)) : [];
      }
      if (ts.isMethodDeclaration(one) || ts.isGetAccessor(one)) return [one, ...this.overridden(one)];
      if (ts.isFunctionDeclaration(one) || ts.isPropertyAssignment(one)) return [one];
      if (ts.isPropertyDeclaration(one)) return one.initializer ? [one] : [];
      if (ts.isVariableDeclaration(one) && one.initializer) return this.isDecider(one) ? [] : [one];
      return [];
    });
  }

  isDecider(node) {
    const type = this.checker.getTypeAtLocation(node);
    return type.aliasSymbol?.name === 'Decider' || type.symbol?.name === 'Decider';
  }

  /** overridden: the methods of the classes that extend the one where this is declared. */
  overridden(method) {
    const name = method.name.getText();
    return this.heirs
      .filter(({ of }) => of === method.parent)
      .flatMap(({ heir }) => {
        const own = heir.members.filter((one) => one.name?.getText() === name && one !== method);
        return own.length > 0 ? own : [];
      });
  }

  heirsOf() {
    const heirs = [];
    for (const source of this.own)
      for (const node of this.walk(source)) {
        if (!ts.isClassDeclaration(node)) continue;
        for (let of = this.parentOf(node); of; of = this.parentOf(of)) heirs.push({ of, heir: node });
      }
    return heirs;
  }

  parentOf(type) {
    const clause = type.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
    const name = clause?.types[0].expression;
    return name && this.declarationsOf(name).find((one) => ts.isClassDeclaration(one));
  }

  /** thrown notes a problem that is made here: its kind, and the codes that its type allows. */
  thrown(node, declaration, facts) {
    const [type] = this.declarationsOf(node.expression).filter((one) => ts.isClassDeclaration(one));
    if (!type || fileOf(type) !== ERRORS) return;
    const kind = type.name.text;
    const [code] = node.arguments ?? [];
    if (!code) return void facts.problems.push({ kind, code: 'not-found' });
    const codes = this.literalsOf(code);
    if (codes) return void facts.problems.push(...codes.map((one) => ({ kind, code: one })));
    const at = declaration.parameters?.findIndex(({ name }) => name.getText() === code.getText()) ?? -1;
    if (at === -1)
      throw new Error(`${fileOf(node)}: cannot tell which code ${code.getText()} is; give it a type of literals`);
    facts.passed = { at, kind };
  }

  literalsOf(expression) {
    const type = this.checker.getTypeAtLocation(expression);
    const types = (type.isUnion() ? type.types : [type]).filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    return types.every(({ flags }) => flags & LITERALS) ? types.map(({ value }) => value) : undefined;
  }
}
