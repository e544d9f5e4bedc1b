/** Where each operation of a context begins in the sources, and which problems can be reached from there. */
import ts from 'typescript';
import { fileOf, Sources } from './walk.mjs';

const NEST = 'libs/nest/src';

/** Operations follows commands through handlers and deciders. */
export class Operations {
  constructor() {
    const sources = (this.sources = new Sources());
    const method = (file, type, name) => sources.memberOf(sources.classNamed(file, type), name);
    this.guard = method(`${NEST}/asking.ts`, 'TokenGuard', 'canActivate');
    this.waitFor = method(`${NEST}/asking.ts`, 'TokenGuard', 'waitFor');
    this.rim = method(`${NEST}/rim.ts`, 'Rim', 'transform');
    this.seal = method(`${NEST}/rim.ts`, 'Rim', 'seal');
    this.execute = method(`${NEST}/deciders.ts`, 'Deciders', 'execute');
    this.also = method(`${NEST}/deciders.ts`, 'Deciders', 'also');
    this.both = method(`${NEST}/deciders.ts`, 'Deciders', 'both');
    this.cursor = sources.functionNamed('libs/view-store/src/cursor.ts', 'placeOf');
    this.wired = new Map(this.wirings());
  }

  /** ofAll: what every operation of a kind can answer, before anything of its own. */
  get ofAll() {
    return {
      command: this.problemsOf([this.guard, this.rim, this.execute], undefined, [this.waitFor, this.seal]),
      read: this.problemsOf([this.guard]),
    };
  }

  /** ofCommand: what can be answered from its route on. `isPersonal`: something in it is sealed. */
  ofCommand(route, name, isPersonal) {
    // Only a GET waits, and no command takes a cursor from the asker: what handlers page through is their own.
    const without = [this.waitFor, this.cursor, ...(isPersonal ? [] : [this.seal])];
    return this.problemsOf([route, this.guard, this.rim, this.execute, this.startOf(name)], name, without);
  }

  /** ofRead: what can be answered from its route on. */
  ofRead(route, isPage) {
    return this.problemsOf([route, this.guard], undefined, isPage ? [] : [this.cursor]);
  }

  /** startOf a command (`context.Name`): the handler that fetches outside facts for it, or the decision itself. */
  startOf(name) {
    const { decider, special } = this.wired.get(name) ?? fail(`${name} is wired by no deciderHandlers`);
    if (!special) return this.decision(decider, name.split('.')[1]);
    const type = this.sources.declarationsOf(special).find((one) => ts.isClassDeclaration(one));
    return this.sources.memberOf(type, 'execute');
  }

  /** wirings: each command with its decider, and the handler that the module names for it. */
  *wirings() {
    for (const file of this.sources.own.filter((one) => fileOf(one).endsWith('.module.ts')))
      for (const node of this.sources.walk(file)) {
        if (!ts.isCallExpression(node) || node.expression.getText() !== 'deciderHandlers') continue;
        const [decider, , outside] = node.arguments;
        for (const name of this.decisionsOf(decider).keys()) {
          const special = outside?.properties.find((one) => one.name.getText() === name);
          yield [`${fileOf(file).split('/')[1]}.${name}`, { decider, special: special?.initializer }];
        }
      }
  }

  /** decisionsOf a decider: by name of the command, where it is declared. */
  decisionsOf(decider) {
    const literal = this.literalOf(decider);
    const decide = literal?.properties.find((one) => one.name?.getText() === 'decide');
    if (!decide) fail(`${fileOf(decider)}: cannot tell what ${decider.getText()} decides`);
    return new Map(this.membersOf(decide.initializer));
  }

  *membersOf(expression) {
    const literal =
      this.literalOf(expression) ?? fail(`${fileOf(expression)}: cannot tell what is in ${expression.getText()}`);
    for (const one of literal.properties)
      if (ts.isSpreadAssignment(one)) yield* this.membersOf(one.expression);
      else yield [one.name.getText(), one];
  }

  /** literalOf gives the object that a constant or a member of one is, or that the function gives which makes it. */
  literalOf(expression) {
    if (ts.isObjectLiteralExpression(expression)) return expression;
    if (ts.isPropertyAccessExpression(expression)) {
      const { expression: owner, name } = expression;
      const member = this.literalOf(owner)?.properties.find((one) => one.name?.getText() === name.text);
      return member && this.literalOf(member.initializer);
    }
    if (ts.isIdentifier(expression)) {
      const [declared] = this.sources.declarationsOf(expression);
      return declared?.initializer && this.literalOf(declared.initializer);
    }
    const made = ts.isCallExpression(expression) ? this.calleeOf(expression) : undefined;
    const given = made?.body?.statements.find((one) => ts.isReturnStatement(one))?.expression;
    return given && this.literalOf(given);
  }

  /** problemsOf what begins at these declarations, for one command (`context.Name`) or none: `kind code`, sorted. */
  problemsOf(starts, command, without = []) {
    const found = new Set();
    const seen = new Set(without);
    const note = ({ kind, code }) => found.add(`${kind} ${code}`);
    const visit = (declaration) => {
      if (seen.has(declaration)) return;
      seen.add(declaration);
      const { problems, leadsTo, calls } = this.sources.factsOf(declaration);
      problems.forEach(note);
      for (const call of calls) {
        const callee = this.calleeOf(call);
        if (!callee) continue;
        this.decided(call, callee, command).forEach(visit);
        this.passedBy(call, callee).forEach(note);
      }
      leadsTo.forEach(visit);
    };
    starts.forEach(visit);
    return [...found].sort();
  }

  calleeOf({ expression }) {
    const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    return ts.isIdentifier(name) ? this.sources.declarationsOf(name)[0] : undefined;
  }

  /** passedBy: a function that throws the code it is given is given one here. */
  passedBy(call, callee) {
    const { passed } = ts.isFunctionLike(callee) ? this.sources.factsOf(callee) : {};
    if (!passed) return [];
    const codes = this.sources.literalsOf(call.arguments[passed.at]);
    return (codes ?? fail(`${fileOf(call)}: cannot tell which code ${call.getText()} passes`)).map((code) => ({
      kind: passed.kind,
      code,
    }));
  }

  /** decided: the decisions behind `deciders.execute(decider, command)`, `also(decider, issue(Type, …), …)` and `both`, which is one after the other. */
  decided(call, callee, command) {
    if (fileOf(call).startsWith(NEST)) return [];
    const executed = (decider, one) => this.namesOf(one, command).map((name) => this.decision(decider, name));
    const also = (decider, issued) => [this.decision(decider, this.issued(issued))];
    const given = call.arguments;
    if (callee === this.execute) return executed(given[0], given[1]);
    if (callee === this.also) return also(given[0], given[1]);
    return callee === this.both ? [...also(given[0], given[1]), ...executed(given[2], given[3])] : [];
  }

  decision(decider, name) {
    const found = this.decisionsOf(decider).get(name);
    return found ?? fail(`${fileOf(decider)}: ${decider.getText()} does not decide ${name}`);
  }

  /** namesOf the commands that an expression may be; the one we come from when it is among them. */
  namesOf(expression, command) {
    const { checker } = this.sources;
    const of = checker.getTypeAtLocation(expression);
    const type = of.flags & ts.TypeFlags.TypeParameter ? checker.getBaseConstraintOfType(of) : of;
    const parts = (one) => (one.isUnionOrIntersection() ? one.types.flatMap(parts) : [one.symbol?.name]);
    const names = [...new Set(parts(type))].filter((name) => name !== 'Command' && !name?.startsWith('__'));
    const mine = command?.split('.')[1];
    if (mine && (names.includes(mine) || names.length === 0)) return [mine];
    if (names.length > 0 && names.every((name) => name && /^[A-Z]/.test(name))) return names;
    return fail(`${fileOf(expression)}: cannot tell which command ${expression.getText()} is`);
  }

  /** issued gives the class in `issue(Class, …)`, also when it was put into a constant first. */
  issued(expression) {
    if (ts.isCallExpression(expression) && expression.expression.getText() === 'issue')
      return expression.arguments[0].getText();
    const constant = ts.isIdentifier(expression) ? this.sources.declarationsOf(expression)[0]?.initializer : undefined;
    return constant
      ? this.issued(constant)
      : fail(`${fileOf(expression)}: cannot tell what ${expression.getText()} issues`);
  }
}

function fail(message) {
  throw new Error(message);
}
